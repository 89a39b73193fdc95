"""Reports (诉求) and the cases (案卷) they belong to, from the first word to a verified, rated end.

Nouns: report (one voice, with the answer owed to it), reporter (who it was; sealed), case (one matter in the
world), task (the work of one unit on a case: lead 主办 or assist 协办), clock (the time a stage may take),
request (a unit asks for an extension or a suspension), case photo.

Promises: every change is a move of the table in `rules/moves.py`, in one transaction with one audit row and its
notices; a stale move is refused with the current state; the same report sent twice is taken once; who fixed may
neither verify nor ask for the rating; merging moves reports and destroys nothing.
"""
