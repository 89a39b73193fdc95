"""The routing table: changed as a whole, rehearsed, then saved, never over somebody else's change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rehearsing import routing_facts
from yiwang.kernel.catalogue import actions, book
from yiwang.kernel.catalogue.actions import RuleDraft
from yiwang.kernel.catalogue.rules.rehearsal import Rehearsal
from yiwang.kernel.catalogue.rules.routing import explain
from yiwang.kernel.foundation.errors import Refused, Stale
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.kit.navigation import address_of
from yiwang.web.kit.say import local
from yiwang.web.office import places
from yiwang.web.office.forms import retype
from yiwang.web.office.needs import ROUTES
from yiwang.web.office.routing.lines import (
    LineForm,
    category_labels,
    drafts_of,
    forms_of,
    sent_forms,
)

if TYPE_CHECKING:
    from yiwang.kernel.foundation.errors import Sayable

PERIODS: dict[str, "Sayable"] = {
    "month": gettext_lazy("上月"),
    "days30": gettext_lazy("近 30 天"),
    "days90": gettext_lazy("近 90 天"),
    "year": gettext_lazy("近一年"),
}


@dataclass(frozen=True)
class Moved:
    """One line of the outcome: from where to where, how many, and some of them to look at."""

    from_name: str
    to_name: str
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass
class Asked:
    """What a page holds: the lines, what they began with, what was said and rehearsed."""

    lines: list[LineForm]
    seen: str
    period: str = "month"
    status: int = 200
    said: str = ""
    rehearsed: str = ""
    rehearsal: Rehearsal | None = None
    now_is: Sequence[str] = ()


def span_of(period: str, at: datetime) -> tuple[datetime, datetime]:
    """Since when and until when a period reaches: the last calendar month, or days up to now."""
    if period != "month":
        days = {"days30": 30, "days90": 90}.get(period, 365)
        return at - timedelta(days=days), at
    first = local(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first - timedelta(days=1)).replace(day=1), first


@page(ROUTES)
def routing(request: HttpRequest) -> HttpResponse:
    """The table; a POST rehearses what was typed, and saves it where `do` is "save" and it was rehearsed."""
    table = actions.drafts()
    if request.method != "POST":
        return _shown(request, Asked(forms_of(table), actions.fingerprint(table)))
    asked = Asked(sent_forms(request.POST, table), request.POST.get("seen", ""), _period(request))
    wanted = drafts_of(asked.lines)
    if wanted is None:
        asked.status, asked.said = 422, _("有几行还不能试算，原因写在那一行。")
        return _shown(request, asked)
    if request.POST.get("do") == "save" and request.POST.get("rehearsed") == name_of(wanted):
        return _save(request, asked, table, wanted)
    _rehearse(request, asked, wanted)
    return _shown(request, asked)


def _period(request: HttpRequest) -> str:
    said = request.POST.get("period", "month")
    return said if said in PERIODS else "month"


def name_of(wanted: Sequence[RuleDraft]) -> str:
    return actions.fingerprint(wanted)


def _rehearse(request: HttpRequest, asked: Asked, wanted: list[RuleDraft]) -> None:
    since, until = span_of(asked.period, now(request))
    try:
        asked.rehearsal = actions.rehearse_rules(wanted, routing_facts(since, until))
        asked.rehearsed = name_of(wanted)
    except Refused as refused:
        _put(asked, refused)


def _save(
    request: HttpRequest, asked: Asked, table: list[RuleDraft], wanted: list[RuleDraft]
) -> HttpResponse:
    """Save; a table that is there already was sent twice, and is as good as saved."""
    try:
        if _nameless(table) != _nameless(wanted):
            actions.save_rules(wanted, by=signed_in(request), at=now(request), expected=asked.seen)
    except Refused as refused:
        _put(asked, refused)
        if isinstance(refused, Stale):
            _show_current(asked, actions.drafts())
        return _shown(request, asked)
    messages.success(request, _("派遣规则已保存"))
    return go(request, reverse("office:routing"))


def _nameless(table: Sequence[RuleDraft]) -> list[RuleDraft]:
    return [replace(draft, number=None) for draft in table]


def _put(asked: Asked, refused: Refused) -> None:
    """Put a refusal above the table."""
    asked.status, asked.said = refused.status, str(refused.sentence)


def _show_current(asked: Asked, table: list[RuleDraft]) -> None:
    """Say what is stored now, and go on from there: a line that is gone is a new one when saved again."""
    asked.seen = actions.fingerprint(table)
    notes = {draft.number: f"（{draft.note}）" for draft in table if draft.note}
    asked.now_is = [
        f"{explain(rule)[0].text()}{notes.get(rule.number, '')}" for rule in book().rules
    ]
    known = {draft.number for draft in table}
    for line in asked.lines:
        if line.cleaned_data.get("number") not in known:
            retype(line, "number", "")


def _shown(request: HttpRequest, asked: Asked) -> HttpResponse:
    context: dict[str, object] = {
        "asked": asked,
        "moved": _moved(asked.rehearsal),
        "unrouted": _unrouted(asked.rehearsal),
        "periods": PERIODS,
        "period": PERIODS[asked.period],
        "categories": category_labels(),
        "areas": list(places.labels().values()),
    }
    return render(request, "office/routing/table.html", context, status=asked.status)


def _unrouted(rehearsal: Rehearsal | None) -> int:
    """How many more cases than before would find no unit."""
    return max(0, rehearsal.unrouted - rehearsal.unrouted_before) if rehearsal else 0


def _moved(rehearsal: Rehearsal | None) -> list[Moved]:
    if rehearsal is None:
        return []
    ids = [case_id for shift in rehearsal.shifts for case_id in shift.examples]
    numbers = dict(Case.objects.filter(pk__in=ids).values_list("pk", "number"))
    return [
        Moved(
            shift.from_name,
            shift.to_name,
            shift.count,
            tuple((numbers[key], address_of("case", str(key)) or "") for key in shift.examples),
        )
        for shift in rehearsal.shifts
    ]
