"""A report written down for somebody: by telephone or at the counter; it becomes a case, once."""
