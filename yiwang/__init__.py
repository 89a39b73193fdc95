"""Yiwang 一网: the everyday governance of a subdistrict office, from a report to a rated result."""
