"""The door of those who work at a desk: queues and the case, a report by telephone, the unit's work, notices, photos.

Nouns: queue (cases that wait for the same thing), pane (the selected case beside the list), sight (a case as one reader
may see it), entry (a report written down for somebody else), card (one task of a unit).
Promises: every list is cut to what the reader may see; buttons and fields come from the kernel's table of moves; a
stale form answers with the case as it is now and keeps what was typed; everything works without script.
"""
