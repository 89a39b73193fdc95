"""Pure rules of the land: no Django, no clock, no database; days and shapes are arguments.

levels: which divisions there are · coords: GCJ-02 and BD-09 to WGS-84 and back · plane: degrees to metres ·
codes: GB/T 2260 and CJ/T 349 · reading: GeoJSON · shapes: what is wrong with a set of polygons, and mending it ·
locator: which polygon a point is in, and how far from a border · standard: what a grid should look like.
"""
