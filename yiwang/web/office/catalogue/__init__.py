"""The catalogue: one heading at a time as an editable table, the same as its Excel file; and the stage limits."""
