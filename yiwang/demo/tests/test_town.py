"""The demo town: the same for the same seed, whole or not there at all, and an office that keeps up."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.town.small import SHANGHAI
from yiwang.demo.boundaries import generate
from yiwang.demo.founding import HERE
from yiwang.demo.plots import Plotter
from yiwang.demo.telling import YEAR, YEAR_DAYS, make_town
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, Report, Reporter
from yiwang.kernel.cases.rules.stages import Rating, Stage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.calendar import load
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.levels import Level

pytestmark = pytest.mark.django_db

SEED = 7
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=SHANGHAI)


def no_progress(_done: int) -> None:
    """Nobody watches."""


def plotter(now: datetime = NOW, seed: int = SEED) -> Plotter:
    words = tomllib.loads((HERE / "matters.toml").read_text(encoding="utf-8"))
    grids = generate(SEED).level(Level.GRID)
    return Plotter(seed, now, words["matter"], grids, load())


def told() -> list[tuple[Any, ...]]:
    """What a town says of itself, without its keys and codes."""
    columns = (
        "number", "stage", "title", "address", "opened_at", "closed_at", "clock_due_at", "late",
        "area__name", "lead_unit__name", "version", "result", "report_count",
    )  # fmt: skip
    voices = ("id", "case__number", "rating", "rating_reason", "rated_at", "call_outcome", "answer")
    with speaking_as(SYSTEM):
        return [
            *Case.objects.order_by("number").values_list(*columns),
            *Report.objects.order_by("id").values_list(*voices),
            *((r.report_id, r.name, r.phone) for r in Reporter.objects.order_by("report_id")),
        ]


@pytest.fixture
def made() -> Iterator[list[tuple[Any, ...]]]:
    make_town(SEED, NOW, year=150, living=90, progress=no_progress)
    yield told()


@pytest.mark.slow  # three towns
def test_the_same_seed_and_moment_make_the_same_town() -> None:
    towns = []
    for seed in (SEED, SEED, SEED + 1):
        with transaction.atomic():
            make_town(seed, NOW, year=30, living=20, progress=no_progress)
            towns.append(told())
            transaction.set_rollback(True)
    assert towns[0] == towns[1]
    assert towns[0] != towns[2]


def test_the_year_is_the_same_at_every_hour_of_a_day() -> None:
    evening = plotter(NOW + timedelta(hours=9)).year(200, YEAR_DAYS)
    assert plotter().year(200, YEAR_DAYS) == evening
    assert plotter(seed=8).year(200, YEAR_DAYS) != evening


def test_a_year_has_its_seasons_all_grids_and_all_modules() -> None:
    plots = plotter().year(YEAR, YEAR_DAYS)
    assert len({plot.grid.name for plot in plots}) == 40
    heating = Counter(p.at.month for p in plots if p.matter["category"] == "SA0504")
    assert heating[1] > 2 * max(heating[6], 1)
    days = Counter(p.at.weekday() for p in plots)
    assert days[6] < days[0]
    assert all(p.at < NOW for p in plots)


@pytest.mark.slow  # a town of its own
@pytest.mark.usefixtures("made")
def test_the_desk_keeps_up_the_record_is_whole_and_nearly_everybody_is_content() -> None:
    at_desk = Case.objects.filter(stage__in=[Stage.REPORTED, Stage.ACCEPTED])
    late = at_desk.filter(clock_due_at__lt=NOW).count()
    assert 0 < at_desk.count() < 30
    assert late <= 3
    with speaking_as(SYSTEM):
        assert Reporter.objects.exists()
        assert all(r.phone.startswith("10000") for r in Reporter.objects.all() if r.phone)
    assert not audit.verify()
    rated = Counter(Report.objects.exclude(rating="").values_list("rating", flat=True))
    assert 0.85 < 1 - rated[Rating.DISSATISFIED] / rated.total() < 1


@pytest.mark.slow
def test_a_start_that_is_cut_off_leaves_nothing_and_the_next_one_makes_the_town() -> None:
    def cut_off(done: int) -> None:
        if done == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_town(SEED, NOW, year=30, living=20, progress=cut_off)
    assert not (User.objects.exists() or Division.objects.exists() or Case.objects.exists())
    make_town(SEED, NOW, year=30, living=20, progress=no_progress)
    assert Case.objects.count() >= 50
