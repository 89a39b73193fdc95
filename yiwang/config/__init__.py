"""Wiring: settings from the environment, URLs, the schedule."""
