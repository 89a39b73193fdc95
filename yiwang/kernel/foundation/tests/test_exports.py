"""Wang Fang takes a list home as Excel: hers alone, whole or not at all, and no text becomes a formula."""

import io
import resource
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from tests.town.small import Town
from yiwang.kernel.foundation import exports
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Missing
from yiwang.kernel.foundation.exports import disk, making, registry, rules
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.viewer import speaking_as

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.YIWANG_HOME = tmp_path


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`listed(rows)`: a list of these rows that who takes reports may export."""
    monkeypatch.setattr(registry, "_sources", dict(registry._sources))

    def put(rows: Sequence[Sequence[Any]], read: Any = None, needs: Any = ("report.take",)) -> None:
        columns = [exports.Column("名称", 30), exports.Column("数")]

        def opened(user: Any, at: Any, query: str) -> exports.Listing:
            found = exports.table(columns, rows, said=query)
            return exports.Listing(columns, found.keys, read or found.rows, said=query)

        exports.register(exports.Source("test.list", "清单", needs, opened))

    return put


def asked(town: Town, query: str = "") -> Export:
    return exports.ask("test.list", query, by=town.wang_fang, at=timezone.now())


def fresh(export: Export) -> Export:
    with speaking_as(SYSTEM):
        return Export.objects.get(pk=export.pk)


def sheet(town: Town, export: Export) -> list[tuple[Any, ...]]:
    _row, path = exports.file_of(export.pk, by=town.wang_fang, at=timezone.now())
    book = load_workbook(io.BytesIO(path.read_bytes()))
    return [tuple(cell.value for cell in row) for row in book.active.iter_rows()]


def test_a_list_becomes_a_file_and_one_row_of_the_record(town: Town, listed: Any) -> None:
    listed([("井盖", 1), ("路灯", 2)])
    export = asked(town, "queue=open")
    making.make(export.pk)
    rows = sheet(town, export)
    assert rows[-3:] == [("名称", "数"), ("井盖", 1), ("路灯", 2)]
    assert rows[0][0] == "清单"
    entry = AuditEntry.objects.get(verb="list_exported")
    assert (entry.actor_id, entry.facts) == (town.wang_fang.pk, {"list": "test.list", "rows": 2})
    making.make(export.pk)
    assert AuditEntry.objects.filter(verb="list_exported").count() == 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "＝1", "\r=1"]
)
def test_no_text_becomes_a_formula(town: Town, listed: Any, text: str) -> None:
    listed([(text, 1)])
    export = asked(town)
    making.make(export.pk)
    _row, path = exports.file_of(export.pk, by=town.wang_fang, at=timezone.now())
    cell = list(load_workbook(path).active.iter_rows())[-1][0]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


def test_a_text_no_sheet_can_hold_is_cleaned_and_cut(town: Town, listed: Any) -> None:
    listed([("井\x00盖\x0b𠮷", 1), ("长" * 40_000, 2), ("", 3)])
    export = asked(town)
    making.make(export.pk)
    rows = sheet(town, export)
    assert rows[-3][0] == "井盖𠮷"
    assert len(rows[-2][0]) == rules.CELL_AT_MOST


def test_the_export_of_wang_fang_is_nobody_elses_not_even_past_the_program(
    town: Town, listed: Any
) -> None:
    listed([("井盖", 1)])
    export = asked(town, "q=张三")
    making.make(export.pk)
    for act in (
        lambda: exports.file_of(export.pk, by=town.zhou_wei, at=NOW),
        lambda: exports.drop(export.pk, by=town.zhou_wei),
        lambda: exports.ask_again(export.pk, by=town.zhou_wei, at=NOW),
    ):
        with pytest.raises(Missing):
            act()
    with speaking_as(town.zhou_wei), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_export")
        assert cursor.fetchone() == (0,)
    with speaking_as(town.wang_fang), connection.cursor() as cursor:
        cursor.execute("SELECT query FROM foundation_export")
        assert "张三".encode() not in bytes(cursor.fetchone()[0])


def test_who_may_not_open_the_list_may_not_export_it(town: Town, listed: Any) -> None:
    listed([("井盖", 1)], needs=("inspect.view",))
    with pytest.raises(Forbidden):
        asked(town)


def test_who_has_lost_the_duty_gets_no_file(town: Town, listed: Any) -> None:
    listed([("井盖", 1)])
    export = asked(town)
    town.wang_fang.is_active = False
    town.wang_fang.save()
    making.make(export.pk)
    assert fresh(export).state == rules.FAILED
    assert not AuditEntry.objects.filter(verb="list_exported").exists()


def test_a_double_click_is_one_export_and_a_fourth_list_must_wait(town: Town, listed: Any) -> None:
    listed([("井盖", 1)])
    assert asked(town, "a").pk == asked(town, "a").pk
    asked(town, "b"), asked(town, "c")
    with pytest.raises(Conflict):
        asked(town, "d")


def test_a_worker_killed_half_way_leaves_no_file_and_the_next_begins_anew(
    town: Town, listed: Any
) -> None:
    rows = [(f"井盖 {n}", n) for n in range(rules.BATCH * 3)]
    seen = 0

    def read(keys: Sequence[int]) -> list[Any]:
        nonlocal seen
        seen += 1
        if seen == 2:
            raise SystemExit
        return [rows[key] for key in keys]

    listed(rows, read)
    export = asked(town)
    with pytest.raises(SystemExit):
        making.make(export.pk)
    assert fresh(export).done == rules.BATCH
    assert not list(disk.folder().glob("*.xlsx"))
    with pytest.raises(Missing):
        exports.file_of(export.pk, by=town.wang_fang, at=timezone.now())
    with pytest.raises(making.Busy):
        making.make(export.pk)
    silent = timezone.now() - rules.SILENT_FOR - timedelta(seconds=1)
    with speaking_as(SYSTEM):
        Export.objects.update(beat_at=silent)
    making.make(export.pk)
    assert len(sheet(town, export)) == len(rows) + 3


def test_a_file_that_brings_the_worker_down_three_times_is_given_up(
    town: Town, listed: Any
) -> None:
    listed([("井盖", 1)])
    export = asked(town)
    with speaking_as(SYSTEM):
        Export.objects.update(attempts=rules.ATTEMPTS)
    making.make(export.pk)
    assert fresh(export).state == rules.FAILED
    assert fresh(export).problem


def test_a_worker_asked_to_end_hands_the_export_on(town: Town, listed: Any) -> None:
    listed([("井盖", 1)])
    export = asked(town)
    with pytest.raises(making.Stopped):
        making.make(export.pk, stop=lambda: True)
    assert (fresh(export).state, fresh(export).attempts) == (rules.WAITING, 0)
    making.make(export.pk)
    assert fresh(export).state == rules.READY


def test_an_export_dropped_in_the_making_leaves_nothing(town: Town, listed: Any) -> None:
    rows = [("井盖", 1)]

    def read(keys: Sequence[int]) -> list[Any]:
        exports.drop(export.pk, by=town.wang_fang)
        return [rows[key] for key in keys]

    listed(rows, read)
    export = asked(town)
    making.make(export.pk)
    assert not list(disk.folder().iterdir())


def test_after_a_week_the_file_is_gone_and_the_list_can_be_asked_for_again(
    town: Town, listed: Any
) -> None:
    listed([("井盖", 1)])
    export = asked(town)
    making.make(export.pk)
    half = disk.folder() / f"{uuid.uuid4()}.part"
    half.touch()
    later = timezone.now() + rules.LASTS + timedelta(minutes=1)
    with pytest.raises(Missing):
        exports.file_of(export.pk, by=town.wang_fang, at=later)
    assert exports.expire(at=later) == 1
    assert not list(disk.folder().iterdir())
    assert exports.ask_again(export.pk, by=town.wang_fang, at=later).pk != export.pk


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_hundred_thousand_rows_need_no_more_memory_than_ten_thousand(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The highest the process has stood, in KiB: after ten thousand rows, and after ten times as many."""
    monkeypatch.setattr(registry, "_sources", {})
    columns = [exports.Column(f"列 {n}") for n in range(17)]
    peaks = []
    for count in (10_000, 100_000):

        def opened(user: Any, at: Any, query: str, count: int = count) -> exports.Listing:
            return exports.Listing(
                columns, range(count), lambda keys: ([f"第 {key} 行"] * 17 for key in keys)
            )

        exports.register(exports.Source("test.list", "清单", ("report.take",), opened))
        export = asked(town, str(count))
        making.make(export.pk)
        assert fresh(export).done == count
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    assert peaks[1] - peaks[0] < 20 * 1024, peaks
