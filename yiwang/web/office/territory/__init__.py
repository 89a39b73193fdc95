"""The land: the tree with its problems on a map, one division, imports, splits, default points."""
