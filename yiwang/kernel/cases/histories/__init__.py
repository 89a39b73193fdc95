"""Histories: matters of the past, told to the actions themselves and written down in bulk.

`History` opens a shelf (foundation.shelf) on which the actions of this room find and keep their rows, and writes what
was told into all tables by COPY, in the open transaction.
"""

from yiwang.kernel.cases.histories.history import History

__all__ = ["History"]
