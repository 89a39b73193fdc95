"""Whoever reads a reporter's name says why, and it is on record."""

import uuid

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases.actions.reading import read_reporter
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Forbidden, Invalid, Missing


def test_wang_fang_reads_a_reporter_for_a_reason_and_it_is_written_down(town: Town) -> None:
    receipt = town.report(name="张三丰", phone="13812345678")
    report = uuid.UUID(receipt.report_id)
    contact = read_reporter(report, reason="核实情况", by=town.wang_fang, at=MORNING)
    assert (contact.name, contact.phone) == ("张三丰", "13812345678")
    entry = audit.timeline("case", receipt.case_id)[-1]
    assert (entry.verb, entry.actor_id) == ("reporter_read", town.wang_fang.pk)
    assert entry.texts == {"reason": "核实情况"}
    assert "13812345678" not in str(entry)


def test_without_a_reason_nothing_is_read(town: Town) -> None:
    receipt = town.report(name="张三丰")
    with pytest.raises(Invalid) as refused:
        read_reporter(uuid.UUID(receipt.report_id), reason=" ", by=town.wang_fang, at=MORNING)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("who", ["li_na", "zhang_min", "zheng_kai", "zhou_wei", "sun_li"])
def test_others_may_not(town: Town, who: str) -> None:
    receipt = town.report(name="张三丰")
    with pytest.raises((Forbidden, Missing)):
        read_reporter(
            uuid.UUID(receipt.report_id), reason="想看", by=getattr(town, who), at=MORNING
        )
    assert audit.timeline("case", receipt.case_id)[-1].verb != "reporter_read"


def test_nobody_left_a_name_and_no_such_report(town: Town) -> None:
    receipt = town.report()
    for report in (uuid.UUID(receipt.report_id), uuid.uuid4()):
        with pytest.raises(Missing):
            read_reporter(report, reason="核实", by=town.wang_fang, at=MORNING)
