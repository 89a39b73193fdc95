"""Higher rooms register here who is to be told of their events, how a resident is reached, and where things are shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from yiwang.kernel.notices.rules import Param, wording_of
from yiwang.kernel.notices.rules.wording import TO_RESIDENTS, WORDING


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
    """Who is told, and what fills the places of the sentence: numbers and names of units, no one's words.

    `outside` lets it leave the house by mail, short message or webhook where the town's table says so; what is not said
    to be fit for that stays within. `urgent` may come through at night.
    """

    user_ids: Iterable[int]
    params: Mapping[str, Param] = field(default_factory=dict)
    outside: bool = False
    urgent: bool = False


@dataclass(frozen=True)
class Voice:
    """A resident to be told: the id of what they said, and what fills the places."""

    ref: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True)
class Reached:
    """How a resident is reached, looked up at the moment of sending: a telephone, the path of their own page, and the
    language they read.

    Without a telephone `reason` says why there is none to send to.
    """

    phone: str = ""
    path: str = ""
    reason: str = ""
    language: str = "zh-hans"


Resolver = Callable[[Event], Delivery]
ResidentResolver = Callable[[Event], Iterable[Voice]]
Opener = Callable[[str, datetime], Reached]

_resolvers: dict[str, list[Resolver]] = {}
_wording: dict[str, str] = {}
_residents: dict[str, dict[str, ResidentResolver]] = {}
_openers: dict[str, Opener] = {}
_guards: dict[str, Callable[[str], bool]] = {}
_addresses: dict[str, Callable[[str], str | None]] = {}


def register(event: str, resolver: Resolver, *, wording: str | None = None) -> None:
    """Ask `resolver` who is told of `event`. It runs later, in the worker, for everybody (as the system).

    `wording` is a Chinese sentence marked with N_() where `rules.WORDING` has none for the event.
    """
    resolvers = _resolvers.setdefault(event, [])
    if resolver not in resolvers:
        resolvers.append(resolver)
    if wording is not None:
        _wording[event] = wording


def register_residents(event: str, telling: str, resolver: ResidentResolver) -> None:
    """When `event` happens, tell residents `telling` (an event of `rules.wording.TO_RESIDENTS`)."""
    _residents.setdefault(event, {})[telling] = resolver


def register_opener(kind: str, opener: Opener) -> None:
    """Say how the resident behind a ref ("report:<id>") is reached; it writes down that it was looked up."""
    _openers[kind] = opener


def register_address(subject_type: str, address: Callable[[str], str | None]) -> None:
    """Say where a subject is shown: its id to the path of its page, None where no page shows it."""
    _addresses[subject_type] = address


def register_guard(subject_type: str, may_leave: Callable[[str], bool]) -> None:
    """Say of a subject, by its id, whether news of it may still leave the house when it is about to."""
    _guards[subject_type] = may_leave


def resolvers_of(event: str) -> tuple[Resolver, ...]:
    """Return who to ask about this event; an event nobody registered for tells nobody."""
    return tuple(_resolvers.get(event, ()))


def resident_resolvers_of(event: str) -> Mapping[str, ResidentResolver]:
    return _residents.get(event, {})


def opener_of(ref: str) -> Opener | None:
    return _openers.get(ref.partition(":")[0])


def may_leave(subject_type: str, subject_id: str) -> bool:
    guard = _guards.get(subject_type)
    return guard is None or guard(subject_id)


def address_of(subject_type: str, subject_id: str) -> str:
    """The path of a subject's page; of one without a page, the list of one's notices."""
    known = _addresses.get(subject_type)
    return (known(subject_id) if known else None) or "/notices"


def events() -> list[str]:
    """Every event somebody is told of, in the order of the table of words."""
    order = {event: place for place, event in enumerate([*WORDING, *TO_RESIDENTS])}
    tellings = {telling for found in _residents.values() for telling in found}
    return sorted({*_resolvers, *tellings}, key=lambda event: (order.get(event, len(order)), event))


def msgid_of(event: str) -> str | None:
    """The Chinese sentence a room brought along for its event."""
    return _wording.get(event)


def sentence_of(event: str, params: Mapping[str, Param]) -> str:
    """Return what a notice says as shipped, in the active language."""
    return wording_of(event, params, _wording.get(event)).text()
