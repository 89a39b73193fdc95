"""The case page and everything one can do on it. Reading is cut to what the reader may see; every write is an action."""
