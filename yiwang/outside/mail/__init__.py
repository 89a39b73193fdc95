"""E-mail, to a mail server we do not own. `smtp` hands a letter over; `recorded` writes down what would have gone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """One mail to one person. `message_id` stays the same when the letter is sent again."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
