"""What can go wrong with the database, as one sentence for the person at the terminal."""


class DatabaseTrouble(Exception):
    """The database cannot be used; the message is one sentence that says why and what helps."""
