"""Units and people: accounts, postings with dates, and the board of grids and posts."""
