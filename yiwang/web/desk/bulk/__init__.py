"""The same move on several cases; each for itself."""
