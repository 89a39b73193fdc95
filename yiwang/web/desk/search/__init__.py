"""The search behind the box on every page of staff: by number, words, place; whatever the reader may see, newest first."""
