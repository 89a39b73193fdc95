"""Live: what changes elsewhere is said to the desks that are open, within two seconds, by a small process of its own.

Nouns: reader (an open stream and what its person may hear), change (which case, where, whose: never a word of it), part
(a piece of a page drawn once for everybody who sees the same), hold (somebody has a case open for handling).
Promises: who may not read a case hears nothing of it; a session that ended ends its stream within seconds; nothing
here is written down, so that nobody's day can be read from it.
"""
