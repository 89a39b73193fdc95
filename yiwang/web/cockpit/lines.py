"""Cases as the lists of these doors show them, each with what the reader may decide in place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Request
from yiwang.kernel.cases.rules.moves import BY_NAME
from yiwang.kernel.cases.rules.stages import STAGE_NAMES
from yiwang.web.cockpit import words
from yiwang.web.kit.states import state_of

OVER_THE_CASE = ("supervise", "lift_supervision")


@dataclass(frozen=True)
class Deed:
    """A move that can be made on the line: its address, and whether it must have a reason."""

    name: str
    label: str
    address: str
    asks_reason: bool
    grave: bool = False


@dataclass
class Line:
    """One case. `said` and `typed` are of a move just refused; `done` of one just made."""

    case: Case
    state: str
    stage: str
    area: str
    kind: str
    why: list[str]
    address: str
    deeds: list[Deed] = field(default_factory=list)
    request: Request | None = None
    opened: str = ""
    said: str = ""
    typed: str = ""
    done: str = ""


def line_of(case: Case, user: User, at: datetime, *, asked: bool = False) -> Line:
    """Tell one case; no query, the lead unit comes with it."""
    offered = cases.offers(case, [], [], by=user, at=at)
    names = [o.move.name for o in offered if o.allowed and o.move.name in OVER_THE_CASE]
    return Line(
        case=case,
        state=state_of(case, at),
        stage=_(STAGE_NAMES[case.stage]),
        area=words.area_name(case.area_id),
        kind=words.kind_name(case.category_id),
        why=words.why_late(case, asked=asked) if case.is_open else words.why_late(case)[1:],
        address=reverse("cases:case", args=[case.number]),
        deeds=[deed_of(case, name) for name in names],
    )


def lines_of(rows: Iterable[Case], user: User, at: datetime) -> list[Line]:
    """Tell several cases; one query for the requests that wait."""
    rows = list(rows)
    waiting = Request.objects.filter(case__in=rows, state="asked").values_list("case", flat=True)
    asked = set(waiting) if rows else set()
    return [line_of(case, user, at, asked=case.pk in asked) for case in rows]


def request_line(request: Request, user: User, at: datetime) -> Line:
    """Tell a request that waits: yes at once, no with a reason."""
    line = line_of(request.case, user, at)
    line.request = request
    line.deeds = [
        deed_of(request.case, f"{answer}_{request.kind}") for answer in ("approve", "reject")
    ]
    return line


def deed_of(case: Case, name: str) -> Deed:
    """Return a move of the table as it stands on a line."""
    move = BY_NAME[name]
    return Deed(
        name=name,
        label=_(move.label),
        address=reverse("cockpit:decide", args=[case.pk, name]),
        asks_reason=bool(move.needs),
        grave=name.startswith("reject"),
    )
