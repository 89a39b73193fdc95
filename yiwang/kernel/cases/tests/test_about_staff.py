"""A matter about a member of staff goes to the inspector, and is nowhere for anybody else."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import ReportKind, Stage
from yiwang.kernel.cases.telling import TOLD, _resolver
from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import Event

HOUR = timedelta(hours=1)


@pytest.fixture
def secret(town: Town) -> Case:
    """A resident reports that somebody of the works unit asked for money."""
    category = town.category("占道经营")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_category SET inspectors_only = true, public = false WHERE id = %s",
            [category],
        )
    versions.forget()
    receipt = town.report("收了我的钱", category_id=category, name="马三", phone="10000123456")
    return town.case(receipt)


def test_only_the_inspector_reads_it(town: Town, secret: Case) -> None:
    assert secret.confidential and not secret.public
    for name, person in town.people.items():
        reads = Case.objects.visible_to(person, at=MORNING).filter(pk=secret.pk).exists()
        assert reads == (name == "sun_li"), name


def test_nobody_else_moves_it_by_its_number(town: Town, secret: Case) -> None:
    for person in (town.wang_fang, town.zhou_wei, town.wu_gang, town.li_na, town.zhang_min):
        for move in ("accept", "supervise", "void", "escalate"):
            with pytest.raises(Missing):
                cases.perform(secret.pk, move, by=person, at=MORNING, reason="试试")


def test_the_inspector_takes_it_to_its_end_with_a_unit(town: Town, secret: Case) -> None:
    order = town.unit("综合执法队").pk
    cases.perform(secret.pk, "accept", by=town.sun_li, at=MORNING)
    cases.perform(secret.pk, "dispatch", by=town.sun_li, at=MORNING, unit_id=order)
    assert Case.objects.visible_to(town.zhao_qiang, at=MORNING).filter(pk=secret.pk).exists()
    assert not Case.objects.visible_to(town.li_na, at=MORNING).filter(pk=secret.pk).exists()
    case = cases.perform(secret.pk, "sign", by=town.zhao_qiang, at=MORNING + HOUR)
    assert case.stage == Stage.HANDLING


def test_the_notice_reaches_the_inspector_alone(town: Town, secret: Case) -> None:
    event = Event("case_reported", "case", str(secret.pk), MORNING, {})
    told = _resolver(TOLD["case_reported"])(event)
    assert list(told.user_ids) == [town.sun_li.pk]


@pytest.mark.parametrize("kind", [ReportKind.DENOUNCE, ReportKind.COMPLAIN])
def test_who_denounces_is_read_by_nobody(town: Town, kind: ReportKind) -> None:
    town.report("卖过期食品", kind=kind, name="马三", phone="10000123456")
    seen = 0 if kind == ReportKind.DENOUNCE else 1
    for actor in (town.wang_fang, town.chen_jing, town.sun_li, SYSTEM):
        with speaking_as(actor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_reporter")
            expected = seen if actor is not town.sun_li else 0
            assert cursor.fetchone()[0] == expected
