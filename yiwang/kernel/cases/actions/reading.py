"""Opening who reported: one at a time, with a reason, and written down."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, Opening, Report, Reporter
from yiwang.kernel.cases.permissions import person_of, readable
from yiwang.kernel.cases.rules.intake import clean_text
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid, Missing
from yiwang.kernel.foundation.secrets import SealedTextField, mask_name, open_sealed
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation.duties import units_of
from yiwang.kernel.organisation.permissions import use
from yiwang.kernel.organisation.rules import Permission

A_DAY = timedelta(days=1)
SAME_NUMBER_A_DAY = 3
"""How often one handler opens the same number within a day."""

NUMBERS_A_DAY = 40
"""How many openings one person has within a day, by whatever way: who needs more is copying a list."""


@dataclass(frozen=True)
class Contact:
    """Who reported: what they said of themselves, which may be nothing."""

    name: str
    phone: str


def read_reporter(
    report_id: uuid.UUID, *, reason: str, by: User, at: datetime, way: str = "read"
) -> Contact:
    """Return the name and telephone of one reporter, and keep on record who asked and why.

    Raises:
        Missing: no such report, or it gave neither. Forbidden: no duty over this place may read it.
        Invalid: no reason. Conflict: this person has opened very many today.
    """
    words = clean_text(reason)
    if not words:
        raise Invalid(Sentence(N_("请写明查看的理由")), field="reason")
    if len(words) > REASON_AT_MOST:
        raise Invalid(Sentence(N_("最多 %(most)s 字"), {"most": REASON_AT_MOST}), field="reason")
    with speaking_as(by):
        report, case = _found(report_id, by, at)
        if Permission.REPORTER_READ not in person_of(by, case, at=at).permissions:
            raise Forbidden(Sentence(N_("您没有查看反映人信息的权限")))
        use(by, Permission.REPORTER_READ, at=at, area_path=case.area_path)
        reporter = Reporter.objects.filter(report=report).first()
        if reporter is None:
            raise Missing(Sentence(N_("反映人没有留下姓名和电话")))
        if way == "read":  # whoever calls back all day opens as many as they call
            _not_too_many(by, at)
        Opening.objects.create(report=report, case=case, user=by, at=at, way=way)
        audit.record(
            "case", str(case.pk), "reporter_read", by=by, at=at,
            facts={"report": str(report.pk)}, texts={"reason": words},
        )  # fmt: skip
    return Contact(reporter.name, reporter.phone)


def open_number(report_id: uuid.UUID, *, by: User, at: datetime) -> Contact:
    """Return the number of a reporter to the handler of the case's work; the case is the reason.

    The database itself looks whether the work is theirs at this moment, and writes the opening down. The name stays
    masked: to speak with somebody one need not know who it is.

    Raises:
        Missing: no such report, not this person's business, or no number that may be opened.
        Conflict: opened too often today.
    """
    with speaking_as(by):
        report, case = _found(report_id, by, at)
        mine = Opening.objects.filter(report=report, user=by, at__gt=at - A_DAY)
        if mine.count() >= SAME_NUMBER_A_DAY:
            raise Conflict(
                Sentence(
                    N_("这个号码您 24 小时内已打开 %(times)s 次，请用已经记下的号码联系"),
                    {"times": SAME_NUMBER_A_DAY},
                ),
                code="too_often",
            )
        _not_too_many(by, at)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, phone FROM yiwang_open_number(%s, %s)", [report.pk, at])
            row = cursor.fetchone()
        if row is None:
            raise Missing(Sentence(N_("这条诉求没有可以联系的号码，或者任务不在您手上")))
        units = [unit for unit in units_of(by, at, Permission.TASK_HANDLE) if unit in case.unit_ids]
        use(by, Permission.TASK_HANDLE, at=at, unit_id=next(iter(units), None))
        audit.record(
            "case", str(case.pk), "number_opened", by=by, at=at,
            facts={"report": str(report.pk), "case": case.number},
        )  # fmt: skip
    return Contact(mask_name(_opened("name", row[0])), _opened("phone", row[1]))


def numbers_to_call(case: Case) -> dict[uuid.UUID, int]:
    """Return the reports whose number the viewer may open as the handler of the work, each with how often it was.

    Asked of the database, for whom the open transaction speaks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT yiwang_numbers_to_call(%s)", [case.pk])
        keys = [row[0] for row in cursor.fetchall()]
    return openings_of(keys) if keys else {}


def openings_of(reports: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how often the number of each report was opened; one query."""
    rows = Opening.objects.filter(report__in=reports).values("report").annotate(n=Count("pk"))
    counted = dict(rows.order_by().values_list("report", "n"))
    return {key: counted.get(key, 0) for key in reports}


def _found(report_id: uuid.UUID, by: User, at: datetime) -> tuple[Report, Case]:
    """Return the report with its case locked, if this person may read the case."""
    report = Report.objects.filter(pk=report_id).first()
    case = Case.objects.select_for_update().get(pk=report.case_id) if report else None
    if report is None or case is None or not readable(by, case, at=at):
        raise Missing(Sentence(N_("没有这条诉求")))
    return report, case


def _not_too_many(by: User, at: datetime) -> None:
    if (
        Opening.objects.filter(user=by, at__gt=at - A_DAY).exclude(way="call_back").count()
        >= NUMBERS_A_DAY
    ):
        raise Conflict(
            Sentence(N_("您 24 小时内已打开 %(most)s 个号码"), {"most": NUMBERS_A_DAY}),
            code="too_many",
        )


def _opened(name: str, sealed: bytes | None) -> str:
    field = Reporter._meta.get_field(name)
    assert isinstance(field, SealedTextField), name
    return open_sealed(sealed, context=field.context) if sealed else ""
