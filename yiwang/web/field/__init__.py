"""The door of the grid worker: a plain page in the hand, for one thumb, in sunlight, useful without script.

Nouns: my land (the areas of my postings), what I report, what I settle on the spot, what waits for my check.
Promises: what was typed and every photo survive a refusal; the same report sent twice is one; nobody sees where a
colleague is, only who is posted where.
"""
