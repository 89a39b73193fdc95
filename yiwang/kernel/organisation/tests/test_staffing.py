"""Which grids nobody looks after."""

from dataclasses import dataclass

import pytest

from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.organisation import GridDuty, Role, end_posting
from yiwang.kernel.organisation.staffing import check_staffing
from yiwang.kernel.organisation.tests.conftest import NOW, TODAY
from yiwang.kernel.territory.rules.findings import Problem
from yiwang.kernel.territory.rules.levels import Level


@dataclass
class Place:
    id: int
    name: str
    level: Level


def found(corner) -> dict[str, bool]:
    """Return the names found, and whether each is only advice."""
    divisions = (corner.zhongshan, corner.zhongshan_01, corner.zhanglou_02)
    places = [Place(d.pk, d.name, Level(d.level)) for d in divisions]
    findings = list(check_staffing(places, TODAY))
    assert {finding.problem for finding in findings} <= {Problem.STAFFING}
    return {finding.names[0]: finding.advice for finding in findings}


def test_a_grid_without_a_worker_is_found_and_one_without_a_head_is_advice(
    corner, zhang_min_in_zhongshan
):
    assert found(corner) == {"中山-01": True, "张楼-02": False}


def test_a_grid_with_a_head_is_staffed(corner):
    for grid in (corner.zhongshan_01, corner.zhanglou_02):
        corner.post(corner.li_na, Role.GRID_WORKER, grid, duty=GridDuty.GRID_HEAD)
    assert found(corner) == {}


def test_a_guide_alone_does_not_walk_the_grid(corner, zhang_min_in_zhongshan):
    corner.post(corner.li_na, Role.GRID_WORKER, corner.zhanglou_02, duty=GridDuty.GUIDE)
    assert found(corner)["张楼-02"] is False


def test_who_has_left_counts_no_more(corner, zhang_min_in_zhongshan):
    end_posting(zhang_min_in_zhongshan, by=SYSTEM, at=NOW)
    assert found(corner)["中山-01"] is False


@pytest.mark.usefixtures("corner")
def test_the_check_is_part_of_checking_the_territory():
    from yiwang.kernel.territory import checks

    assert check_staffing in checks._registered
