"""Other systems that want to know that something happened. They get ids and the name of the event, and ask for the rest.

`posting` signs and posts; `recorded` writes down what would have gone; `addresses` keeps posts out of our own network.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Post:
    """One event for one endpoint. `key` stays the same when it is posted again."""

    url: str
    secret: str
    key: str
    event: str
    body: bytes
    at: int  # seconds since 1970, part of what is signed
