"""The platform: how the program starts, what it survives, and what it says when it cannot start."""
