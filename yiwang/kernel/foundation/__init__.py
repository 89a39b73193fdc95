"""Bricks without a domain word: actors, refusals, the viewer of a transaction, sentences that explain, versions of
reference data, numbers and codes, sealed fields, the working calendar, the audit trail, stored photos, the queue.

Promises: a limit always ends at the same moment and says why; an audit row once written is never changed, and a
change is found; a photo that is stored carries no place and no camera; a sealed text is unreadable in the table.
"""
