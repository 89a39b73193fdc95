"""A page with every part of the kit on it, for tests and for looking; served only with these settings."""
