"""Is it one of these? What lies near, for whom."""

from datetime import timedelta

from tests.town.small import MORNING, Town
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.nearby import LOOK_BACK, Near, nearby

HERE = (115.465, 35.235)


def found(near: list[Near]) -> list[str]:
    return [one.case.title for one in near]


def test_the_same_kind_stands_before_what_is_nearer(town: Town) -> None:
    town.report("近，另一类", lon=115.4651, category_id=None)
    town.report("远，同类", lon=115.4655)
    path = Case.objects.exclude(category=None).get().category_path
    near = nearby(*HERE, 200, at=MORNING, category_path=path, viewer=town.wang_fang)
    assert found(near) == ["远，同类", "近，另一类"]
    assert [round(one.metres) for one in near] == [45, 9]


def test_beyond_the_radius_is_not_near_even_in_the_corner_of_the_box(town: Town) -> None:
    town.report(lon=115.465 + 0.0010, lat=35.235 + 0.0008)
    assert nearby(*HERE, 100, at=MORNING, viewer=town.wang_fang) == []
    assert len(nearby(*HERE, 150, at=MORNING, viewer=town.wang_fang)) == 1


def test_the_public_sees_public_cases_and_nobody_sees_nothing(town: Town) -> None:
    town.report("公开的")
    town.report("没有分类、不公开", category_id=None)
    assert found(nearby(*HERE, 100, at=MORNING, public=True)) == ["公开的"]
    assert nearby(*HERE, 100, at=MORNING) == []


def test_another_area_s_officer_sees_nothing(town: Town) -> None:
    town.report()
    assert nearby(*HERE, 100, at=MORNING, viewer=town.zheng_kai) == []


def test_closed_and_old_cases_and_the_asking_one_are_left_out(town: Town) -> None:
    town.closed()
    open_one = town.report()
    assert nearby(*HERE, 100, at=MORNING, viewer=town.wang_fang, leave_out=open_one.case_id) == []
    later = MORNING + LOOK_BACK + timedelta(seconds=1)
    assert nearby(*HERE, 100, at=later, viewer=town.wang_fang) == []
