"""The working calendar: the year, the town's own days, working hours, publishing, and when something is due."""
