from datetime import UTC, datetime

import numpy as np
from django.utils import translation

from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory import TRUST_CODE, Point, Trust, locate, locate_many, locate_one
from yiwang.kernel.territory.tests.conftest import NOW, TODAY, Town, spot


def at(east: float, north: float, accuracy: float | None = None) -> Point:
    return Point(*spot(east, north), accuracy)


def test_a_point_in_a_grid_is_trusted_and_says_how_far_the_border_is(town: Town) -> None:
    location = locate_one(at(200, 600, accuracy=20), NOW)
    assert (location.division_id, location.path) == (town.zhongshan_1.pk, town.zhongshan_1.path)
    assert location.is_trusted
    assert location.distance_to_border_m is not None
    assert abs(location.distance_to_border_m - 200) < 1
    assert location.why[0].text() == "坐标在“中山社区第一网格”内，距边界 200 米"


def test_an_accuracy_wider_than_the_border_is_far_is_not_trusted(town: Town) -> None:
    location = locate_one(at(390, 600, accuracy=25), TODAY)
    assert (location.trust, location.division_id) == (Trust.NEAR_BORDER, town.zhongshan_1.pk)


def test_another_grid_chosen_by_the_reporter_disagrees(town: Town) -> None:
    location = locate_one(at(200, 600), TODAY, chosen=town.zhongshan_2.pk)
    assert (location.trust, location.division_id) == (Trust.DISAGREES, town.zhongshan_1.pk)
    assert "中山社区第二网格" in location.why[0].text()


def test_choosing_the_community_around_the_point_agrees(town: Town) -> None:
    assert locate_one(at(200, 600), TODAY, chosen=town.zhongshan.pk).is_trusted
    assert locate_one(at(200, 600), TODAY, chosen=town.zhanglou.pk).trust is Trust.DISAGREES


def test_both_reasons_are_told_and_the_stronger_one_first(town: Town) -> None:
    location = locate_one(at(390, 600, accuracy=25), TODAY, chosen=town.zhanglou.pk)
    assert location.trust is Trust.DISAGREES
    assert len(location.why) == 2


def test_outside_says_how_far_and_falls_back_to_the_choice_or_the_town(town: Town) -> None:
    location = locate_one(at(500, 600), TODAY)
    assert (location.trust, location.division_id) == (Trust.OUTSIDE, town.street.pk)
    assert "100 米" in location.why[0].text()
    chosen = locate_one(at(500, 600), TODAY, chosen=town.zhanglou.pk)
    assert chosen.division_id == town.zhanglou.pk


def test_without_a_point_the_town_holds_the_matter(town: Town) -> None:
    for nothing in (None, Point(0.0, 0.0), Point(float("nan"), 35.0)):
        location = locate_one(nothing, TODAY)
        assert (location.trust, location.path) == (Trust.NO_POINT, town.street.path)
        assert location.distance_to_border_m is None


def test_before_any_territory_nothing_is_found(db: None) -> None:
    versions.forget()
    location = locate_one(Point(115.47, 35.23), TODAY)
    assert (location.division_id, location.path, location.trust) == (None, "", Trust.OUTSIDE)


def test_other_levels_can_be_asked(town: Town) -> None:
    assert locate_one(at(500, 600), TODAY, level="community").division_id == town.zhanglou.pk


def test_a_list_keeps_its_order(town: Town) -> None:
    points = [at(200, 600), None, at(200, 200)]
    choices = [None, None, town.zhongshan_1.pk]
    trusts = [location.trust for location in locate(points, TODAY, chosen=choices)]
    assert trusts == [Trust.TRUSTED, Trust.NO_POINT, Trust.DISAGREES]


def test_bulk_says_the_same_as_one_by_one(town: Town) -> None:
    chance = np.random.default_rng(3)
    places = [spot(*chance.uniform(-100, 900, 2)) for _ in range(300)]
    accuracy = chance.uniform(0, 120, 300)
    ids = [0, town.zhongshan.pk, town.zhongshan_1.pk, town.zhanglou.pk]
    chosen = chance.choice(ids, 300)
    lon, lat = np.array(places).T
    many = locate_many(lon, lat, TODAY, accuracy=accuracy, chosen=chosen)
    for row, place in enumerate(places):
        choice = int(chosen[row]) or None
        one = locate_one(Point(*place, float(accuracy[row])), TODAY, chosen=choice)
        assert many.trust[row] == TRUST_CODE[one.trust]
        if one.trust is Trust.OUTSIDE:
            assert (many.division_id[row], many.path[row]) == (0, "")
        else:
            assert (many.division_id[row], many.path[row]) == (one.division_id, one.path)


def test_the_day_is_the_office_day(town: Town) -> None:
    evening_before = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)
    midnight = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
    assert locate_one(at(200, 600), evening_before).trust is Trust.OUTSIDE
    assert locate_one(at(200, 600), midnight).is_trusted


def test_locating_from_memory_asks_the_database_nothing(
    town: Town, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    versions.forget()
    locate_one(at(200, 600), TODAY)
    with django_assert_num_queries(
        1
    ):  # within the transaction of a change the version is looked at
        locate_one(at(200, 600), TODAY)


def test_a_stored_reason_reads_in_english_too(town: Town) -> None:
    stored = locate_one(at(200, 600), TODAY).why[0].as_json()
    with translation.override("en"):
        assert Sentence.from_json(stored).text().startswith("The point lies in")
