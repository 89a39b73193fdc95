"""Months of the small town as chance would have them, told through the moves, and figures counted the plain way."""

from collections import defaultdict
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from tests.town.small import MORNING, Town
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Clock, Report
from yiwang.kernel.cases.rules.stages import OPEN_STAGES, Stage, TaskRole
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.foundation.errors import Refused
from yiwang.kernel.indicators import counting
from yiwang.kernel.indicators.days import begin_of, day_of
from yiwang.kernel.indicators.permissions import land_of
from yiwang.kernel.indicators.rules import COUNT_NAMES, By, Period
from yiwang.kernel.indicators.weeks import Week

DAYS = 75
FIRST = MORNING - timedelta(days=DAYS)
NOW = MORNING + timedelta(days=1)
PLACES = ((115.465, 35.235), (115.475, 35.235), (115.465, 35.225), (None, None))
KINDS = ("污水井盖", "病虫害")


class Chance:
    """Tells what happens next; the same seed tells the same."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.random = town, Random(seed)

    def tell(self, number: int) -> None:
        """So many reports over the months, each with a life of a few moves."""
        for _each in range(number):
            at = FIRST + timedelta(hours=self.random.randrange(DAYS * 24))
            lon, lat = self.random.choice(PLACES)
            kind = self.town.category(self.random.choice(KINDS))
            receipt = self.town.report(lon=lon, lat=lat, at=at, category_id=kind)
            self.live(receipt.case_id, at)

    def live(self, key: int, at: datetime) -> None:
        """Go on with a case until chance has had enough of it, or today is reached."""
        for _step in range(self.random.choice((0, 3, 9, 9, 9))):
            at += timedelta(hours=self.random.choice((1, 2, 5, 30, 90)))
            if at > NOW:
                return
            self.step(Case.objects.get(pk=key), at)

    def step(self, case: Case, at: datetime) -> None:
        """Try one of the moves of the stage; what the rules refuse does not happen."""
        with suppress(Refused):
            self._rate(case, at) if self._is_to_rate(case) else self._move(case, at)

    def _is_to_rate(self, case: Case) -> bool:
        return case.stage == Stage.CLOSED and self.random.random() < 0.8

    def _rate(self, case: Case, at: datetime) -> None:
        report = case.reports.first()
        said = self.random.choice(
            ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "refused")
        )
        if report is None:
            return
        if said == "refused":
            Report.objects.filter(pk=report.pk).update(call_outcome="refused")
        else:
            cases.rate(report.pk, said, by=RESIDENT, at=at, reason="说不好")

    def _move(self, case: Case, at: datetime) -> None:
        offered = self._offered(case)
        if offered:
            move, by, given = self.random.choice(offered)
            cases.perform(case.pk, move, by=by, at=at, **given)

    def _offered(self, case: Case) -> list[tuple[str, User, dict[str, Any]]]:
        town, why = self.town, {"reason": "如此"}
        others = Case.objects.filter(stage__in=OPEN_STAGES).exclude(pk=case.pk).order_by("pk")
        unit = self.random.choice(("市政服务中心", "综合执法队"))
        worker = {"市政服务中心": town.li_na, "综合执法队": town.zhao_qiang}.get(
            case.lead_unit.name if case.lead_unit else "", town.li_na
        )
        merge: list[tuple[str, User, dict[str, Any]]] = []
        if others:
            target = self.random.choice(list(others)).number
            merge = [("merge", town.wang_fang, {"target": target})]
        accept = ("accept", town.wang_fang, {})
        dispatch = ("dispatch", town.wang_fang, {"unit_id": town.unit(unit).pk})
        back = ("report_back", worker, {"note": "办好了"})
        passed = ("pass_check", town.chen_jing, {})
        told: dict[str, list[tuple[str, User, dict[str, Any]]]] = {
            Stage.REPORTED: [accept, accept, accept, ("refuse", town.wang_fang, why), *merge,
                             ("solve_on_spot", town.zhang_min, {"note": "扶正了"})],
            Stage.ACCEPTED: [dispatch, dispatch, dispatch, *merge],
            Stage.DISPATCHED: [("sign", worker, {}), ("sign", worker, {}), ("return", worker, why)],
            Stage.HANDLING: [back, back, back, ("return", worker, why)],
            Stage.REPORTED_BACK: [passed, passed, ("fail_check", town.chen_jing, why)],
            Stage.CLOSED: [("void", town.wu_gang, why), ("reopen", town.wang_fang, why)],
            Stage.REFUSED: [("void", town.wu_gang, why)],
            Stage.MERGED: [("unmerge", town.wang_fang, why)],
        }  # fmt: skip
        return told.get(case.stage, [])


def plainly(user: User, period: Period, at: datetime, by: By | None) -> dict[Any, dict[str, int]]:
    """The figures of a period counted from all of its cases, one by one and without a rollup."""
    found: dict[Any, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNT_NAMES, 0))
    of_period = (
        Case.objects.filter(land_of(user, at), confidential=False)
        .filter(opened_at__gte=begin_of(period.first))
        .filter(opened_at__lt=begin_of(period.last + timedelta(days=1)))
        .exclude(stage__in=[Stage.MERGED, Stage.VOID])
    )
    rows = [
        *counting.counted_cases(of_period, at, id_=F("pk")).values_list("id_", *counting.NUMBERS),
        *counting.counted_voices(of_period, id_=F("case")).values_list("id_", *counting.NUMBERS),
    ]
    known = {case.pk: case for case in of_period}
    for key, *numbers in rows:
        counts = found[_part(known[key], by)]
        for name, number in zip(COUNT_NAMES, numbers, strict=True):
            counts[name] += number
    return dict(found) if by else {None: found[None]}


def _part(case: Case, by: By | None) -> Any:
    if by is By.MONTH:
        return day_of(case.opened_at).replace(day=1)
    if by in (By.UNIT, By.CATEGORY):
        return case.lead_unit_id if by is By.UNIT else case.category_id
    return counting._named(case.area_id, by) if by else None


def weeks_plainly(user: User, at: datetime) -> list[Week]:
    """The weeks of the overview, counted from all cases and all clocks."""
    this = day_of(at) - timedelta(days=day_of(at).weekday())
    mondays = [this - timedelta(weeks=back) for back in range(7, -1, -1)]
    of_all = Case.objects.filter(land_of(user, at), confidential=False)
    of_all = of_all.exclude(stage__in=[Stage.MERGED, Stage.VOID])
    late = Clock.objects.filter(
        Q(stopped_at__isnull=True, paused_at__isnull=True) | Q(stopped_at__gt=F("due_at")),
        Q(task__isnull=True) | Q(task__role=TaskRole.LEAD),
        case__in=of_all,
        due_at__lt=at,
    )
    reported = _by_week(of_all.filter(opened_at__lte=at), "opened_at", "pk")
    closed = _by_week(of_all.filter(closed_at__lte=at), "closed_at", "pk")
    ran_late = _by_week(late, "due_at", "case")
    return [Week(m, reported.get(m, 0), closed.get(m, 0), ran_late.get(m, 0)) for m in mondays]


def _by_week(rows: Any, moment: str, what: str) -> dict[date, int]:
    week = TruncWeek(moment, tzinfo=timezone.get_default_timezone())
    counted = rows.annotate(week=week).values("week").annotate(n=Count(what, distinct=True))
    return {day_of(at): n for at, n in counted.order_by().values_list("week", "n")}
