"""The doors: HTTP in, kernel called, page or JSON out. Doors hold no rules."""
