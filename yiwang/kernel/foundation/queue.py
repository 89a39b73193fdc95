"""The background queue. Tasks live in their rooms' `tasks.py`; arguments are ids, never content."""

from procrastinate.contrib.django import app

__all__ = ["app"]
