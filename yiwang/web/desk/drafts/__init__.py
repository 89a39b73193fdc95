"""Parked reports: kept every few seconds, gone on with, thrown away."""
