"""My unit's work by deadline: 超时, 今天, 本周, 以后; five queries for the cards."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import CasePhoto, Request, Task
from yiwang.kernel.cases.permissions import not_about
from yiwang.kernel.cases.rules.stages import OPEN_TASKS, Stage
from yiwang.kernel.foundation.files.rules import Kind
from yiwang.kernel.organisation.duties import units_of
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk import names
from yiwang.web.desk.needs import IN_A_UNIT
from yiwang.web.desk.queues.paging import page_by_due
from yiwang.web.desk.queues.rows import short_number
from yiwang.web.kit import say
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.paging import PARAMETER, Page

Part = TypeVar("Part", Task, Request)

CARDS = 60
GROUPS = {
    "late": gettext_lazy("超时"),
    "today": gettext_lazy("今天"),
    "week": gettext_lazy("本周"),
    "later": gettext_lazy("以后"),
    "paused": gettext_lazy("挂账"),
}


@dataclass(frozen=True)
class Card:
    """One task as its unit sees it, with the moves its people may make."""

    task: Task
    group: str
    number: str
    area: str
    category: str
    condition: str
    evidence: bool
    photo: str
    address: str
    offers: list[cases.Offer]
    mine: bool = False

    @property
    def moves(self) -> list[cases.Offer]:
        """What stands on the card: sign at once, the rest with a form on the case's page."""
        allowed = [offer for offer in self.offers if offer.allowed and offer.move.name in ON_CARD]
        return sorted(allowed, key=lambda offer: ON_CARD.index(offer.move.name))


ON_CARD = ("sign", "report_back", "ask_extension", "return", "pass_on")


@page(IN_A_UNIT, methods=("GET", "HEAD"))
def work(request: HttpRequest) -> HttpResponse:
    """Open tasks of the reader's units, or only those the reader handles."""
    user, at = signed_in(request), now(request)
    mine = request.GET.get("mine") == "1"
    found = page_by_due(
        _tasks(user, at, mine), request.GET.get(PARAMETER), due="due_at", size=CARDS
    )
    cards = _cards(found, user, at)
    context = {
        "groups": [
            (GROUPS[key], key, list(some)) for key, some in groupby(cards, lambda c: c.group)
        ],
        "page": found,
        "mine": mine,
        "here": request.get_full_path(),
    }
    return render(request, "desk/unit.html", context)


def _tasks(user: User, at: datetime, mine: bool) -> QuerySet[Task]:
    units = units_of(user, at, Permission.TASK_HANDLE)
    rows = Task.objects.filter(
        not_about(user, units, on="case__"), unit__in=units, state__in=OPEN_TASKS
    )
    rows = rows.filter(handler=user) if mine else rows
    return rows.select_related("case", "unit", "handler")


def _cards(found: Page[Task], user: User, at: datetime) -> list[Card]:
    ids = [task.case_id for task in found.rows]
    photos = dict(
        CasePhoto.objects.filter(case__in=ids, purpose="before", file__kind=Kind.PHOTO)
        .order_by("-id")
        .values_list("case", "pk")
    )
    beside = _by_case(Task.objects.filter(case__in=ids).order_by("id"))
    asked = _by_case(Request.objects.filter(case__in=ids, state="asked"))
    cards = []
    for task in found.rows:
        tasks, requests = beside.get(task.case_id, []), asked.get(task.case_id, [])
        offers = cases.offers(task.case, tasks, requests, by=user, at=at)
        cards.append(_card(task, photos.get(task.case_id), offers, at, user.pk))
    order = list(GROUPS)
    return sorted(cards, key=lambda card: order.index(card.group))


def _by_case(rows: Iterable[Part]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _card(
    task: Task, photo: int | None, offers: list[cases.Offer], at: datetime, user_id: int
) -> Card:
    case = task.case
    condition = catalogue.book().condition(case.condition_id) if case.condition_id else None
    return Card(
        task=task,
        group=group_of(task.due_at, case.stage, at),
        number=short_number(case.number, say.local(at).date()),
        area=names.short_area(case.area_path),
        category=names.category_title(case.category_id),
        condition=condition.title if condition else "",
        evidence=bool(condition and condition.needs_photo_after and task.is_lead),
        photo=reverse("photos:photo", args=[photo, "thumb"]) if photo else "",
        address=reverse("cases:case", args=[case.number]),
        offers=offers,
        mine=task.handler_id == user_id and not case.confidential,
    )


def group_of(due: datetime | None, stage: str, at: datetime) -> str:
    """Which heading a task stands under; the week ends with Sunday."""
    if stage == Stage.SUSPENDED:
        return "paused"
    if due is None:
        return "later"
    if due < at:
        return "late"
    today: date = say.local(at).date()
    day = say.local(due).date()
    if day == today:
        return "today"
    return "week" if day <= today + timedelta(days=6 - today.weekday()) else "later"
