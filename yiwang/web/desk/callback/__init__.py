"""Calling back: the desk's next call, the number, the script, and what came of it."""
