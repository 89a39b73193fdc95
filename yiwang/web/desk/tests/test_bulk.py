"""Wang Fang ticks several cases and moves them at once; each stands for itself."""

from tests.town.small import Town
from yiwang.kernel.cases.models import Case
from yiwang.web.desk.tests.conftest import Knock


def test_each_ticked_case_goes_to_its_own_suggested_unit(town: Town, as_: Knock) -> None:
    first = town.accepted()
    second = town.accepted(category_id=town.category("占道经营"))
    form = {"move": "dispatch", "case": [first.pk, second.pk]}
    answer = as_(town.wang_fang).post("/desk/bulk/", form)
    assert answer.context["done"] == 2
    units = Case.objects.order_by("id").values_list("lead_unit__name", flat=True)
    assert list(units) == ["市政服务中心", "综合执法队"]


def test_a_chosen_unit_gets_them_all(town: Town, as_: Knock) -> None:
    ids = [town.accepted().pk, town.accepted().pk]
    unit = town.unit("综合执法队")
    as_(town.wang_fang).post("/desk/bulk/", {"move": "dispatch", "case": ids, "unit_id": unit.pk})
    assert set(Case.objects.values_list("lead_unit", flat=True)) == {unit.pk}


def test_one_refusal_is_said_and_does_not_touch_the_others(town: Town, as_: Knock) -> None:
    nameless, known = town.report(category_id=None), town.report()
    form = {"move": "accept", "case": [nameless.case_id, known.case_id]}
    answer = as_(town.wang_fang).post("/desk/bulk/", form)
    assert (answer.context["done"], answer.context["refused"]) == (1, 1)
    assert "请选择一个已发布的类别" in answer.content.decode()
    assert Case.objects.get(pk=known.case_id).stage == "accepted"


def test_cases_of_another_area_are_not_there(town: Town, as_: Knock) -> None:
    away = town.report(lat=35.225)
    answer = as_(town.chen_jing).post("/desk/bulk/", {"move": "accept", "case": [away.case_id]})
    assert answer.context["lines"] == []
    assert Case.objects.get(pk=away.case_id).stage == "reported"


def test_nothing_ticked_and_moves_that_are_not_for_many_are_refused(town: Town, as_: Knock) -> None:
    desk = as_(town.wang_fang)
    case = town.accepted()
    assert desk.post("/desk/bulk/", {"move": "accept"}).status_code == 422
    assert desk.post("/desk/bulk/", {"move": "void", "case": [case.pk]}).status_code == 422
    assert desk.post("/desk/bulk/", {"move": "nonsense", "case": ["x"]}).status_code == 422


def test_htmx_gets_the_outcome_as_a_dialog_and_the_list_is_told(town: Town, as_: Knock) -> None:
    form = {"move": "accept", "case": [town.report().case_id]}
    answer = as_(town.wang_fang).post("/desk/bulk/", form, headers={"HX-Request": "true"})
    assert answer["HX-Trigger"] == "yw-moved"
    assert "<dialog" in answer.content.decode()
