"""The unit's own work: cards by deadline, on a desk and in the hand."""
