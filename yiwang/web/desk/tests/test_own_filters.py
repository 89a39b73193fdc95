"""Wang Fang keeps the lists she looks at every day, in her order; colleagues of her unit use what she shares."""

from datetime import timedelta
from typing import Any

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import saved_filters
from yiwang.kernel.cases.models import SavedFilter
from yiwang.kernel.foundation.errors import Conflict, Invalid, Missing
from yiwang.web.desk.filters.reading import clean
from yiwang.web.desk.tests.conftest import Knock


def keep(town: Town, name: str, query: str = "queue=open", **more: Any) -> SavedFilter:
    given = {"share": False, "by": town.wang_fang, "at": MORNING, **more}
    return saved_filters.keep(name, query, **given)


def beside(as_: Knock, who: Any) -> list[Any]:
    answer = as_(who).get("/desk/own/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return list(answer.context["filters"])


def test_a_filter_counts_what_it_finds(town: Town, as_: Knock) -> None:
    town.report(), town.report(lat=35.225)
    keep(town, "中山", f"queue=open&area={town.divisions['中山'].pk}")
    (one,) = beside(as_, town.wang_fang)
    assert (one.name, one.count, one.problem) == ("中山", 1, "")


def test_the_same_name_again_is_the_same_filter(town: Town) -> None:
    keep(town, "我的"), keep(town, "我的", "queue=overdue")
    assert SavedFilter.objects.get().query == "queue=overdue"


def test_a_shared_filter_is_for_the_unit_and_only_its_owner_changes_it(
    town: Town, as_: Knock
) -> None:
    shared = keep(town, "全部在办", share=True)
    keep(town, "只给自己")
    (seen,) = beside(as_, town.zhou_wei)
    assert (seen.name, seen.own, seen.by) == ("全部在办", False, "王芳")
    assert beside(as_, town.chen_jing) == []
    with pytest.raises(Missing):
        saved_filters.drop(shared.pk, by=town.zhou_wei)
    with pytest.raises(Missing):
        saved_filters.change(shared.pk, name="x", share=False, by=town.zhou_wei, at=MORNING)
    answer = as_(town.zhou_wei).post(f"/desk/own/{shared.pk}/", {"do": "drop"})
    assert answer.status_code == 404


def test_filters_are_renamed_reordered_and_deleted(town: Town, as_: Knock) -> None:
    first, second = keep(town, "一"), keep(town, "二")
    desk = as_(town.wang_fang)
    desk.post(f"/desk/own/{second.pk}/", {"do": "up"})
    desk.post(f"/desk/own/{first.pk}/", {"do": "change", "name": "三"})
    assert [one.name for one in beside(as_, town.wang_fang)] == ["二", "三"]
    with pytest.raises(Conflict):
        saved_filters.change(first.pk, name="二", share=False, by=town.wang_fang, at=MORNING)
    desk.post(f"/desk/own/{second.pk}/", {"do": "drop"})
    assert [one.name for one in beside(as_, town.wang_fang)] == ["三"]


@pytest.mark.parametrize(
    ("query", "problem"),
    [("queue=gone", "队列"), ("queue=open&area=999", "网格"), ("queue=open&category=999", "类别"),
     ("queue=open&unit=999", "单位")],
)  # fmt: skip
def test_a_filter_that_means_nothing_any_more_says_so(
    town: Town, as_: Knock, query: str, problem: str
) -> None:
    keep(town, "旧的", query)
    (one,) = beside(as_, town.wang_fang)
    assert problem in one.problem
    assert one.count is None


def test_a_nameless_filter_and_a_long_name_are_refused_beside_the_name(
    town: Town, as_: Knock
) -> None:
    answer = as_(town.wang_fang).post("/desk/own/", {"query": "queue=open", "name": " "})
    assert answer.status_code == 422
    with pytest.raises(Invalid):
        keep(town, "长" * 31)


def test_only_the_queue_and_what_narrows_it_are_kept() -> None:
    assert clean("?queue=open&after=xyz&evil=1&q=a%00b".lstrip("?")) == "queue=open&q=ab"


def test_what_is_kept_for_ever_is_not_counted(town: Town, as_: Knock) -> None:
    town.closed(at=MORNING - timedelta(days=1))
    keep(town, "办结", "queue=closed")
    assert beside(as_, town.wang_fang)[0].count is None
