"""The pages of the door, one file for each thing a grid worker comes to do."""
