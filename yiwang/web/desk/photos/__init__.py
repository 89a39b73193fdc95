"""Photos for members of staff: whoever may see the case may see its photos."""
