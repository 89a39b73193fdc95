"""Discipline (纪律监督): matters about staff. Not public; only the inspectors of discipline see them."""
