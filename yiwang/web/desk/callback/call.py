"""One call as the screen shows it: what it is about, what to say, and how often it was tried."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.actions.calling import call_state
from yiwang.kernel.cases.actions.reading import Contact, openings_of
from yiwang.kernel.cases.models import Report, Reporter
from yiwang.kernel.cases.rules.calling import TRIES_AT_MOST, Heard
from yiwang.kernel.cases.rules.stages import KIND_NAMES, RATING_NAMES, Rating
from yiwang.kernel.catalogue.rules.words import Stage as LimitStage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.calendar import load as load_calendar
from yiwang.kernel.foundation.calendar.rules import compute_deadline
from yiwang.kernel.foundation.secrets import mask_name, mask_phone
from yiwang.web.desk import names
from yiwang.web.desk.looks import ChannelLook, channel_of

TRIED = ("reporter_not_reached", "call_put_off")


@dataclass(frozen=True)
class Choice:
    """One outcome of a call and its key."""

    value: str
    name: str
    key: str
    hint: str = ""


@dataclass(frozen=True)
class Try:
    """An earlier call in vain."""

    at: datetime
    who: str
    put_off: bool
    counted: bool
    note: str


@dataclass(frozen=True)
class Call:
    """What stands before the caller. `name`, `phone` are masked; `contact` is there once, just after opening."""

    report: Report
    kind: str
    channel: ChannelLook
    area: str
    category: str
    name: str
    phone: str
    contact: Contact | None
    opened: int
    number_of_try: int
    tries: tuple[Try, ...]
    due: datetime | None
    state: str

    @property
    def most(self) -> int:
        return TRIES_AT_MOST

    @property
    def result(self) -> str:
        """What was done, to be read out: the sentence round it ends it."""
        return self.report.case.result.rstrip("。.；; \n")


def answers() -> list[Choice]:
    """The four ratings by keys 1 to 4."""
    return [Choice(rating, _(RATING_NAMES[rating]), str(n)) for n, rating in enumerate(Rating, 1)]


def endings() -> list[Choice]:
    """What else a call brings."""
    return [
        Choice(Heard.NOBODY, _("没有接通"), "0", _("约到下一个半天")),
        Choice(Heard.REFUSED, _("不愿评价"), "9", _("单独记，不算满意也不算不满意")),
        Choice(Heard.LATER, _("换个时间再打"), "8", _("接通了；约到下一个半天，不算一次")),
    ]


def call_of(report: Report, at: datetime, contact: Contact | None = None) -> Call:
    """Everything the screen says of a voice: four queries."""
    case = report.case
    reporter = Reporter.objects.filter(report=report).first()
    return Call(
        report=report,
        kind=_(KIND_NAMES[report.kind]),
        channel=channel_of(report.channel),
        area=names.short_area(case.area_path),
        category=names.category_title(case.category_id),
        name=mask_name(reporter.name) if reporter else "",
        phone=mask_phone(reporter.phone) if reporter else "",
        contact=contact,
        opened=openings_of([report.pk])[report.pk],
        number_of_try=report.call_back_count + 1,
        tries=_tries(report),
        due=_due(case.closed_at),
        state=call_state(report),
    )


def _tries(report: Report) -> tuple[Try, ...]:
    """Tries in vain since the case was closed, from the record."""
    entries = audit.timeline("case", str(report.case_id))
    people = dict(
        User.objects.filter(pk__in={e.actor_id for e in entries if e.verb in TRIED}).values_list(
            "pk", "display_name"
        )
    )
    closed_at = report.case.closed_at
    return tuple(
        Try(
            at=entry.at,
            who=people.get(entry.actor_id, "") if entry.actor_id else "",
            put_off=entry.verb == "call_put_off",
            counted=bool(entry.facts.get("counted")),
            note=entry.texts.get("note", "") if entry.texts else "",
        )
        for entry in entries
        if entry.verb in TRIED
        and entry.facts.get("report") == str(report.pk)
        and (closed_at is None or entry.at >= closed_at)
    )


def _due(closed_at: datetime | None) -> datetime | None:
    """Until when the town wants its calls made."""
    if closed_at is None:
        return None
    limit = catalogue.book().limit_for(LimitStage.CALL_BACK)
    return compute_deadline(closed_at, limit, load_calendar()).due
