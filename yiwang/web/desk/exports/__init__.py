"""Lists as Excel: asking for one, looking how far it is, taking it; and the lists this door has."""
