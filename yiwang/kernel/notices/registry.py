"""Higher rooms register here who is to be told of their events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from yiwang.kernel.notices.rules import Param, wording_of


@dataclass(frozen=True)
class Event:
    """Something that happened to a subject; `ids` are whatever its room gave along."""

    name: str
    subject_type: str
    subject_id: str
    at: datetime
    ids: Mapping[str, int | str]


@dataclass(frozen=True)
class Delivery:
    """Who is told, and what fills the places of the sentence: numbers and names of units, no one's words."""

    user_ids: Iterable[int]
    params: Mapping[str, Param] = field(default_factory=dict)


Resolver = Callable[[Event], Delivery]

_resolvers: dict[str, list[Resolver]] = {}
_wording: dict[str, str] = {}


def register(event: str, resolver: Resolver, *, wording: str | None = None) -> None:
    """Ask `resolver` who is told of `event`. It runs later, in the worker, for everybody (as the system).

    `wording` is a Chinese sentence marked with N_() where `rules.WORDING` has none for the event.
    """
    resolvers = _resolvers.setdefault(event, [])
    if resolver not in resolvers:
        resolvers.append(resolver)
    if wording is not None:
        _wording[event] = wording


def resolvers_of(event: str) -> tuple[Resolver, ...]:
    """Return who to ask about this event; an event nobody registered for tells nobody."""
    return tuple(_resolvers.get(event, ()))


def sentence_of(event: str, params: Mapping[str, Param]) -> str:
    """Return what a notice says, in the active language."""
    return wording_of(event, params, _wording.get(event)).text()
