"""Who is told of what happens to a case. Resolvers run in the worker; notices carry numbers, never words."""

from collections.abc import Callable, Iterable

from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, Clock, Report, Task
from yiwang.kernel.notices import Delivery, Event, register
from yiwang.kernel.organisation.duties import people_in, people_over
from yiwang.kernel.organisation.leave.reading import present
from yiwang.kernel.organisation.rules import Role

_VERIFIERS = {
    "deputy": (Role.GRID_WORKER,),
    "community": (Role.COMMUNITY_OFFICER,),
    "desk": (Role.DESK_OPERATOR,),
    "resident": (Role.DESK_OPERATOR,),
    "": (Role.DESK_OPERATOR,),
}

Who = Callable[[Case, Event], Iterable[int]]


def _over(*roles: Role) -> Who:
    return lambda case, event: [p.user_id for p in people_over(case.area_path, roles, event.at)]


def _unit(case: Case, event: Event) -> list[int]:
    """The people of the units whose open task the case is; the handler alone once there is one."""
    told: list[int] = []
    for task in Task.objects.filter(case=case, state__in=["offered", "working"]):
        told += (
            [task.handler_id]
            if task.handler_id
            else [posting.user_id for posting in people_in(task.unit_id, event.at)]
        )
    return told


def _verifiers(case: Case, event: Event) -> list[int]:
    roles = _VERIFIERS[case.verify_by]
    people = [posting.user_id for posting in people_over(case.area_path, roles, event.at)]
    return [user for user in people if user not in case.fixer_ids]


def _who_holds_it(case: Case, event: Event) -> Iterable[int]:
    """Whose clock it is: the desk's, the unit's or the verifier's."""
    stage = (
        Clock.objects.filter(pk=event.ids.get("clock", 0)).values_list("stage", flat=True).first()
    )
    if stage == "handle":
        return _unit(case, event)
    return _verifiers(case, event) if stage == "verify" else _over(Role.DESK_OPERATOR)(case, event)


def _taker(case: Case, event: Event) -> list[int]:
    """Who took the reports in, so that the grid worker hears how it ended."""
    takers = Report.objects.filter(case=case).exclude(taken_by=None)
    return [user for user in takers.values_list("taken_by", flat=True).distinct() if user]


_DESK, _LEADERS = _over(Role.DESK_OPERATOR), _over(Role.LEADER)

TOLD: dict[str, Who] = {
    "case_reported": _DESK,
    "question_asked": _DESK,
    "case_dispatched": _unit,
    "assist_added": _unit,
    "task_returned": _DESK,
    "task_passed_on": _unit,
    "extension_asked": _LEADERS,
    "extension_approved": _unit,
    "extension_rejected": _unit,
    "suspension_asked": _LEADERS,
    "case_suspended": _unit,
    "suspension_rejected": _unit,
    "case_resumed": _unit,
    "task_reported_back": _verifiers,
    "case_solved_on_spot": _verifiers,
    "case_sent_back": _unit,
    "case_closed": _taker,
    "case_reopened": _DESK,
    "case_unmerged": _DESK,
    "case_escalated": _DESK,
    "case_supervised": _unit,
    "clock_due_soon": _who_holds_it,
    "clock_overdue": _who_holds_it,
    "case_late_to_leader": _LEADERS,
}


def _resolver(who: Who) -> Callable[[Event], Delivery]:
    def resolve(event: Event) -> Delivery:
        rows = Case.objects.select_related("lead_unit", "area", "category")
        case = rows.filter(pk=event.subject_id).first()
        if case is None:
            return Delivery([])
        users = present(who(case, event), event.at)
        if case.confidential:
            users = _who_may_know(case, event, users)
        # A matter about staff is told within the house alone: a mail or a text may be read by anybody.
        return Delivery(
            sorted(users), _words(case), outside=not case.confidential, urgent=case.urgent
        )

    return resolve


def _who_may_know(case: Case, event: Event, users: set[int]) -> set[int]:
    """Of a matter about staff only those hear who may read it; in the desk's place the inspectors."""
    users |= present(
        {p.user_id for p in people_over(case.area_path, [Role.INSPECTOR], event.at)}, event.at
    )
    seen = Case.objects.filter(pk=case.pk)
    return {
        user.pk
        for user in User.objects.filter(pk__in=users)
        if seen.visible_to(user, at=event.at).exists()
    }


def _words(case: Case) -> dict[str, str | int]:
    words: dict[str, str | int] = {"number": case.number}
    if case.area is not None:
        words["area"] = case.area.name
    if case.category is not None:
        words["category"] = case.category.name
    if case.lead_unit is not None:
        words["unit"] = case.lead_unit.name
    if case.clock_due_at is not None:
        words["due"] = f"{timezone.localtime(case.clock_due_at):%m-%d %H:%M}"
    return words


def register_all() -> None:
    """Register every event of the table with notices."""
    for event, who in TOLD.items():
        register(event, _resolver(who))
