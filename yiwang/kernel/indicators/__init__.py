"""Every figure on any screen, defined once: what is counted, the formula, and what it says where nothing was due.

Nouns: count (cases that meet one condition), figure (a rate of two counts), standing (what is open now and where it
hangs), week (what came, was closed and ran late), inspection list, audit check (one walk over the whole record),
rollup (what is counted of a day that is over).

Promises: a figure has one definition and can show its formula with both counts; it is "—" where its denominator is
zero; read from rollups it is what counting the cases would say; matters about staff are in no figure but the
inspector's own; nothing is ever counted per person.
"""
