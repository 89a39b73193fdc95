"""Staff as an Excel file: people and their postings, in after a trial, all or nothing, each mistake with its cell."""
