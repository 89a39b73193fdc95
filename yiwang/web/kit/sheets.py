"""Lists of cases as sheets: which columns, and the rows as the person may see them while they are written."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.rules.leaving import without_numbers
from yiwang.kernel.cases.rules.stages import CHANNEL_NAMES, OPEN_STAGES, STAGE_NAMES
from yiwang.kernel.foundation.exports import AT_MOST, Column, Listing
from yiwang.kernel.foundation.exports.rules import Cell
from yiwang.kernel.territory.land import land
from yiwang.web.kit.frame import town

ROWS_AT_ONCE = 2_000


def notes() -> tuple[str, ...]:
    """What stands above every sheet of this town."""
    return (_("演示数据，均为生成"),) if town().generated else ()


def keys_of(cases: CaseQuerySet) -> "array[int]":
    """Return the ids of cases in their order, through a cursor of the server: eight bytes each."""
    rows = cases.values_list("pk", flat=True)
    if not rows.query.is_sliced:
        rows = rows[: AT_MOST + 1]
    return array("q", rows.iterator(chunk_size=ROWS_AT_ONCE))


def cases_listing(keys: Sequence[int], user: User, said: str = "") -> Listing:
    """The listing of these cases. What the person may not read any more when a row is written is left out."""
    return Listing(_columns(), keys, rows_for(user), said, notes())


def rows_for(user: User) -> Callable[[Sequence[int]], Iterable[Sequence[Cell]]]:
    """Return the reader of rows for this person."""

    def rows(keys: Sequence[int]) -> Iterator[Sequence[Cell]]:
        at = timezone.now()
        found = {case.pk: case for case in _read(keys, user, at)}
        return (_row(found[key], at) for key in keys if key in found)

    return rows


def _read(keys: Sequence[int], user: User, at: datetime) -> CaseQuerySet:
    visible = Case.objects.visible_to(user, at=at).filter(pk__in=list(keys))
    return visible.select_related("lead_unit", "suggested_unit").defer("trust_why", "routing_why")


def _columns() -> list[Column]:
    return [
        Column(_("案卷号"), 17),
        Column(_("内容"), 44),
        Column(_("状态"), 10),
        Column(_("地点"), 30),
        Column(_("社区"), 14),
        Column(_("网格"), 14),
        Column(_("类别"), 18),
        Column(_("主办单位"), 18),
        Column(_("渠道"), 12),
        Column(_("诉求条数"), 10),
        Column(_("上报时间"), 18),
        Column(_("当前时限"), 18),
        Column(_("超时"), 8),
        Column(_("退单次数"), 10),
        Column(_("返工次数"), 10),
        Column(_("办结时间"), 18),
        Column(_("处置结果"), 40),
    ]


def _row(case: Any, at: datetime) -> Sequence[Cell]:
    entry = catalogue.book().category(case.category_id) if case.category_id else None
    unit = case.lead_unit or case.suggested_unit
    community, grid = _places(case.area_path)
    running = case.stage in OPEN_STAGES
    late = running and case.clock_due_at is not None and case.clock_due_at < at
    return (
        case.number,
        without_numbers(case.title),
        _(STAGE_NAMES[case.stage]),
        without_numbers(case.address),
        community,
        grid,
        entry.title if entry else "",
        unit.name if unit else "",
        _(CHANNEL_NAMES[case.channel]) if case.channel in CHANNEL_NAMES else case.channel,
        case.report_count,
        case.opened_at,
        case.clock_due_at if running else None,
        _("是") if late else "",
        case.return_count,
        case.rework_count,
        case.closed_at,
        without_numbers(case.result),
    )


def _places(path: str) -> tuple[str, str]:
    held = land().places
    named = {
        held[key].level: held[key].name
        for part in path.split("/")
        if part and (key := int(part)) in held
    }
    from yiwang.kernel.territory.rules.levels import Level

    return named.get(Level.COMMUNITY, ""), named.get(Level.GRID, "")
