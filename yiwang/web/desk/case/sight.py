"""A case as one reader may see it, fetched in few queries. Fetching is the permission check."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.reading import numbers_to_call
from yiwang.kernel.cases.models import Case, CasePhoto, Clock, Report, Reporter, Request, Task
from yiwang.kernel.cases.permissions import person_of
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.organisation.leave.reading import stood_in_for
from yiwang.kernel.organisation.rules import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

Part = TypeVar("Part", bound=Model)


@dataclass
class Sight:
    """One case, its parts oldest first, and what this reader may do to it."""

    case: Case
    user: User
    at: datetime
    tasks: list[Task]
    requests: list[Request]
    clocks: list[Clock]
    photos: list[CasePhoto]
    entries: list[audit.Entry]
    permissions: frozenset[str]
    offers: list[cases.Offer]
    merged: list[str] = field(default_factory=list)
    """Numbers of the cases that were merged into this one."""

    def may(self, permission: Permission) -> bool:
        return permission.value in self.permissions

    @cached_property
    def reports(self) -> list[Report]:
        """Voices: read only by those whose duty has to do with what residents say."""
        rows = Report.objects.filter(case=self.case).select_related("taken_by", "answered_by")
        return sorted(rows.order_by(), key=attrgetter("received_at", "pk"))

    @cached_property
    def reporters(self) -> dict[uuid.UUID, Reporter]:
        """Who spoke, by report; empty for those who may not know. The database decides again, by row."""
        if not self.may(Permission.REPORTER_READ):
            return {}
        return {row.report_id: row for row in Reporter.objects.filter(report__case=self.case)}

    @cached_property
    def to_call(self) -> dict[uuid.UUID, int]:
        """Voices whose number this reader may open as the handler of the work, with how often it was opened.

        The database says which; it is asked only where the reader, or whom they stand in for, has work here.
        """
        hands = {self.user.pk, *stood_in_for(self.user, self.at)}
        mine = any(task.is_open and task.handler_id in hands for task in self.tasks)
        return numbers_to_call(self.case) if mine else {}

    @property
    def asked(self) -> list[Request]:
        """Requests that wait for a decision."""
        return [request for request in self.requests if request.state == "asked"]


def fetch(user: User, at: datetime, **which: object) -> Sight:
    """Return the case with this number or id, if this reader may see it.

    Raises:
        Missing: there is none, or it is not this reader's business; the answer is the same.
    """
    visible = Case.objects.visible_to(user, at=at).select_related("lead_unit", "suggested_unit")
    try:
        case = visible.get(**which)
    except Case.DoesNotExist:
        raise Missing(_("没有这件案卷，或者它不在您的职责范围内。")) from None
    return look_at(case, user, at)


def look_at(case: Case, user: User, at: datetime) -> Sight:
    """Read the parts of a case that the reader was found to see: seven queries."""
    tasks = _oldest_first(Task.objects.filter(case=case).select_related("unit", "handler"))
    requests = _oldest_first(Request.objects.filter(case=case).select_related("asked_by"))
    by_id = {task.pk: task for task in tasks}
    for request in requests:
        if request.task_id in by_id:  # else it came between the two looks, and is read by itself
            request.task = by_id[request.task_id]
    waiting = [request for request in requests if request.state == "asked"]
    return Sight(
        case=case,
        user=user,
        at=at,
        tasks=tasks,
        requests=requests,
        clocks=_oldest_first(Clock.objects.filter(case=case)),
        photos=_oldest_first(CasePhoto.objects.filter(case=case).select_related("file", "report")),
        entries=audit.timeline("case", str(case.pk)),
        permissions=person_of(user, case, at=at).permissions,
        offers=cases.offers(case, tasks, waiting, by=user, at=at),
        merged=sorted(Case.objects.filter(merged_into=case).values_list("number", flat=True)),
    )


def _oldest_first(rows: "QuerySet[Part]") -> list[Part]:
    """A case has a handful of each: to sort them costs nothing, to write an ORDER BY a tenth of the page."""
    return sorted(rows.order_by(), key=attrgetter("pk"))
