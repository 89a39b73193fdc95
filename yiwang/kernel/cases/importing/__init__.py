"""The history of another system, brought in by a mapping that is data: no line of code per city.

`mapping` reads and checks the TOML file; `reading` turns lines into rows or reasons; `writing` brings them in through
the same locating and the same rules, in bulk; `figures` adds up what came of it.
"""
