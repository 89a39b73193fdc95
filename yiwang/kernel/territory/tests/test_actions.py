from datetime import date

import pytest
import shapely
from django.db import IntegrityError, transaction

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid
from yiwang.kernel.territory import (
    Boundary,
    Division,
    Part,
    Point,
    Trust,
    add_default_point,
    change_division,
    close_division,
    create_division,
    locate_one,
    remove_default_point,
    set_boundary,
    set_town,
    split_division,
)
from yiwang.kernel.territory import (
    town as served,
)
from yiwang.kernel.territory.tests.conftest import NOW, TODAY, Town, box, metres, spot, square

DECEMBER = date(2026, 12, 1)


def verbs(division: Division) -> list[str]:
    return [entry.verb for entry in audit.timeline("division", str(division.pk))]


def test_a_division_knows_its_path_and_who_made_it_is_on_record(town: Town) -> None:
    assert town.zhongshan_1.path == f"/{town.street.pk}/{town.zhongshan.pk}/{town.zhongshan_1.pk}/"
    assert town.zhongshan_1.ancestor_ids == (town.street.pk, town.zhongshan.pk)
    assert verbs(town.zhongshan_1) == ["division_created", "boundary_set"]
    assert town.zhongshan_1.kind == "general"


def test_a_grid_cannot_stand_above_a_community(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        create_division(
            level="community", name="新社区", parent=town.zhongshan_1, by=SYSTEM, at=NOW
        )
    assert refused.value.field == "parent"


def test_a_name_stands_once_under_a_parent_and_a_code_once_at_all(town: Town) -> None:
    with pytest.raises(Conflict) as refused:
        create_division(
            level="grid", name="中山社区第一网格", parent=town.zhongshan, by=SYSTEM, at=NOW
        )
    assert refused.value.field == "name"
    change_division(town.zhongshan, code="371702003001", by=SYSTEM, at=NOW)
    with pytest.raises(Conflict) as refused:
        change_division(town.zhanglou, code="371702003001", by=SYSTEM, at=NOW)
    assert refused.value.field == "code"


def test_a_change_says_what_was_before(town: Town) -> None:
    change_division(town.zhongshan_1, households=412, name=" 中山一格 ", by=SYSTEM, at=NOW)
    entry = audit.timeline("division", str(town.zhongshan_1.pk))[-1]
    assert entry.facts == {"households": [None, 412], "name": ["中山社区第一网格", "中山一格"]}
    change_division(town.zhongshan_1, households=412, by=SYSTEM, at=NOW)
    assert verbs(town.zhongshan_1).count("division_changed") == 1


def test_the_parent_of_a_division_never_changes(town: Town) -> None:
    with pytest.raises(TypeError):
        change_division(town.zhongshan_1, parent=town.zhanglou, by=SYSTEM, at=NOW)


def test_a_new_boundary_ends_the_old_one_on_its_day(town: Town) -> None:
    set_boundary(town.zhongshan_1, box(0, 450, 400, 800), by=SYSTEM, at=NOW, valid_from=DECEMBER)
    old, new = town.zhongshan_1.boundaries.order_by("valid_from")
    assert (old.valid_to, new.valid_from, new.valid_to) == (DECEMBER, DECEMBER, None)
    there = Point(*spot(200, 420))
    assert locate_one(there, TODAY).division_id == town.zhongshan_1.pk
    assert locate_one(there, date(2026, 11, 30)).division_id == town.zhongshan_1.pk
    assert locate_one(there, DECEMBER).trust is Trust.OUTSIDE


def test_a_boundary_of_the_same_day_takes_the_place_of_the_first(town: Town) -> None:
    for north in (700, 750):
        set_boundary(town.zhongshan_1, box(0, 400, 400, north), by=SYSTEM, at=NOW)
    assert town.zhongshan_1.boundaries.count() == 2
    assert town.zhongshan_1.boundaries.get(valid_from=TODAY).area_m2 == pytest.approx(
        140_000, rel=0.01
    )


@pytest.mark.parametrize(
    "shape",
    [
        box(0, 300, 400, 800),
        box(-50, 400, 400, 800),
        metres((0, 400), (400, 800), (400, 400), (0, 800)),
    ],
    ids=["overlaps the second grid", "leaves the community", "crosses itself"],
)
def test_a_wrong_boundary_is_refused_with_a_sentence(town: Town, shape: shapely.Polygon) -> None:
    with pytest.raises(Invalid) as refused:
        set_boundary(town.zhongshan_1, shape, by=SYSTEM, at=NOW)
    assert refused.value.field == "shape"
    assert "中山社区第一网格" in str(refused.value)
    assert town.zhongshan_1.boundaries.count() == 1


def test_a_boundary_cannot_begin_before_a_later_one(town: Town) -> None:
    set_boundary(town.zhongshan_1, box(0, 450, 400, 800), by=SYSTEM, at=NOW, valid_from=DECEMBER)
    with pytest.raises(Conflict):
        set_boundary(town.zhongshan_1, box(0, 420, 400, 800), by=SYSTEM, at=NOW)


def test_the_database_itself_keeps_two_boundaries_of_one_day_apart(town: Town) -> None:
    with pytest.raises(IntegrityError, match="boundary_one_at_a_time"), transaction.atomic():
        Boundary.objects.create(
            division=town.zhongshan_1,
            shape=shapely.to_wkb(square(0, 0)),
            area_m2=1.0,
            valid_from=DECEMBER,
        )


def test_a_split_grid_ends_and_its_parts_begin_on_one_day(town: Town) -> None:
    parts = [
        Part("东格", box(200, 400, 400, 800), households=310),
        Part("西格", box(0, 400, 200, 800)),
    ]
    east, west = split_division(town.zhongshan_1, parts, by=SYSTEM, at=NOW, on=DECEMBER)
    assert (east.parent_id, east.level, east.households) == (town.zhongshan.pk, "grid", 310)
    there = Point(*spot(300, 600))
    assert locate_one(there, TODAY).division_id == town.zhongshan_1.pk
    assert locate_one(there, DECEMBER).division_id == east.pk
    assert verbs(town.zhongshan_1)[-1] == "division_split"
    assert verbs(west) == ["division_created"]
    assert list(Division.objects.at(DECEMBER).under(town.zhongshan).level("grid").in_order()) == [
        town.zhongshan_2,
        east,
        west,
    ]


def test_parts_that_leave_a_gap_are_refused_and_nothing_is_closed(town: Town) -> None:
    parts = [Part("东格", box(220, 400, 400, 800)), Part("西格", box(0, 400, 200, 800))]
    with pytest.raises(Invalid, match="东格"):
        split_division(town.zhongshan_1, parts, by=SYSTEM, at=NOW)
    town.zhongshan_1.refresh_from_db()
    assert town.zhongshan_1.valid_to is None


def test_a_community_with_grids_cannot_be_closed(town: Town) -> None:
    with pytest.raises(Conflict):
        close_division(town.zhongshan, by=SYSTEM, at=NOW)
    close_division(town.zhanglou, by=SYSTEM, at=NOW)
    with pytest.raises(Conflict):
        close_division(town.zhanglou, by=SYSTEM, at=NOW)


def test_a_closed_division_frees_its_name(town: Town) -> None:
    close_division(town.zhanglou, by=SYSTEM, at=NOW)
    again = create_division(
        level="community", name="张楼社区", parent=town.street, by=SYSTEM, at=NOW
    )
    set_boundary(again, box(400, 0, 800, 800), by=SYSTEM, at=NOW)
    assert Division.objects.at(TODAY).filter(name="张楼社区").get() == again


def test_a_division_cannot_end_before_it_began(town: Town) -> None:
    with pytest.raises(Invalid):
        close_division(town.zhanglou, by=SYSTEM, at=NOW, on=date(2026, 1, 1))


def test_the_town_is_the_highest_division_that_is_served(town: Town) -> None:
    set_town(town.zhanglou, by=SYSTEM, at=NOW)
    found = served()
    assert found is not None and found.id == town.street.pk
    set_town(town.street, by=SYSTEM, at=NOW, serves=False)
    found = served()
    assert found is not None and found.id == town.zhanglou.pk


def test_a_default_point_is_no_place_until_it_is_removed(town: Town) -> None:
    lon, lat = spot(200, 600)
    point = add_default_point("市民热线", lon, lat, by=SYSTEM, at=NOW)
    location = locate_one(Point(lon, lat), TODAY)
    assert (location.trust, location.division_id) == (Trust.DEFAULT_POINT, town.street.pk)
    assert "市民热线" in location.why[0].text()
    remove_default_point(point, by=SYSTEM, at=NOW)
    assert locate_one(Point(lon, lat), TODAY).trust is Trust.TRUSTED
    with pytest.raises(Invalid):
        add_default_point("外星", 200.0, 0.0, by=SYSTEM, at=NOW)


def test_a_grid_worker_cannot_change_the_land_by_any_way(town: Town) -> None:
    worker = User.objects.create(username="sun.li", display_name="孙丽")
    point = add_default_point("服务中心", 115.47, 35.23, by=SYSTEM, at=NOW)
    shape, half = square(0, 0), Part("东半", square(0, 0, 200))
    for change in (
        lambda: create_division(level="grid", name="新", parent=town.zhongshan, by=worker, at=NOW),
        lambda: change_division(town.zhongshan_1, name="别的", by=worker, at=NOW),
        lambda: close_division(town.zhongshan_1, by=worker, at=NOW),
        lambda: set_town(town.street, by=worker, at=NOW),
        lambda: set_boundary(town.zhongshan_1, shape, by=worker, at=NOW),
        lambda: split_division(town.zhongshan_1, [half, half], by=worker, at=NOW),
        lambda: add_default_point("别处", 115.48, 35.23, by=worker, at=NOW),
        lambda: remove_default_point(point, by=worker, at=NOW),
    ):
        with pytest.raises(Forbidden):
            change()
    assert verbs(town.zhongshan_1) == ["division_created", "boundary_set"]
