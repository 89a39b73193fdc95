"""The closed lists of the catalogue. Pure: no Django."""

from enum import StrEnum


class Kind(StrEnum):
    """What a category is about: a thing on the street (部件), an event (事件), any other matter (事项)."""

    PART = "part"
    EVENT = "event"
    MATTER = "matter"


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


class Verifier(StrEnum):
    """Who checks that a matter was put right. Never the person who put it right."""

    DEPUTY = "deputy"
    COMMUNITY = "community"
    DESK = "desk"
    RESIDENT = "resident"


class Stage(StrEnum):
    """The steps of a case that have a limit of their own, beside the limit of the condition."""

    ACCEPT = "accept"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    VERIFY = "verify"
    ANSWER = "answer"
    CALL_BACK = "call_back"
