"""One folder per system we do not own, a fake beside each."""
