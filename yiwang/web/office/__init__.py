"""The administrator's door: the land, the units and people, the catalogue, the routing rules, the calendar.

Promises: every write goes through an action of the kernel; a form that was overtaken by somebody else is refused
with what is true now and keeps what was typed; a file is tried before it is taken in.
"""
