"""The working calendar: when a limit is over, and why."""
