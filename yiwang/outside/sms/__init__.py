"""Short messages, through the gateway of whichever company the town has a contract with.

`gateway` speaks to any HTTP gateway as the settings describe it; `recorded` writes down what would have gone.
"""

from dataclasses import dataclass, field
from typing import Protocol

from yiwang.outside.answer import Answer


@dataclass(frozen=True)
class Text:
    """One short message. `key` names it for ever; `fields` fill further places of a gateway's body."""

    phone: str
    text: str
    key: str
    fields: dict[str, str] = field(default_factory=dict)


class Sms(Protocol):
    """`knows_keys`: handing the same key in twice sends once, so that a doubtful message may be handed in again."""

    @property
    def knows_keys(self) -> bool: ...

    def send(self, text: Text) -> Answer: ...
