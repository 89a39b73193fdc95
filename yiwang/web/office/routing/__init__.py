"""The routing rules: one table, rehearsed on past cases before it is saved."""
