"""The doors of those who answer for the whole: the leader's overview, the figures, the inspector's lists.

Nouns: what is late and why, requests that wait for a decision, figures with their formulas, lists of the inspector.
Promises: each line is one click from its case and one from 督办; every figure opens its formula and both counts;
matters about staff stand on the inspector's page alone.
"""
