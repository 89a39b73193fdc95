"""`yiwang explain-deadline` and `yiwang publish-year`."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import translation

from yiwang.commands.calendar import explain_deadline, publish_year
from yiwang.kernel.foundation import calendar
from yiwang.kernel.foundation.calendar import official

pytestmark = pytest.mark.django_db
NEXT = max(official.years()) + 1


def test_a_deadline_is_explained_on_the_terminal() -> None:
    with translation.override("en"):
        done = CliRunner().invoke(explain_deadline, ["2026-02-13 19:00", "1天"])
    assert done.output.splitlines() == [
        "Counted from 2026-02-13 19:00",
        "Limit 1 working day: counted in working days, to the same time of day",
        "That is outside working time: the clock starts at 2026-02-14 08:00",
        "2026-02-14 is a make-up working day and counts",
        "Skipped Spring Festival, 2026-02-15 to 2026-02-23",
        "Due at 2026-02-24 08:00",
    ]


def test_a_wrong_limit_is_one_sentence() -> None:
    done = CliRunner().invoke(explain_deadline, ["2026-02-13 19:00", "soon"])
    assert done.exit_code == 1
    assert done.output.strip() == "Error: 'soon' is not a limit like 4小时, 5天, 2紧急工作时"


def test_a_year_is_published_from_a_file(tmp_path: Path) -> None:
    days = tmp_path / "days.csv"
    days.write_text(f"{NEXT}-01-01,free,元旦\n{NEXT}-01-04,work,\n", encoding="utf-8")
    done = CliRunner().invoke(publish_year, [str(NEXT), "--days", str(days)])
    assert done.exit_code == 0, done.output
    assert NEXT in calendar.load().published_years
    again = CliRunner().invoke(publish_year, [str(NEXT), "--days", str(days)])
    assert again.exit_code == 1


def test_a_wrong_line_of_the_file_is_named(tmp_path: Path) -> None:
    days = tmp_path / "days.csv"
    days.write_text(f"{NEXT}-01-01,free,元旦\n{NEXT}-01-04,maybe\n", encoding="utf-8")
    done = CliRunner().invoke(publish_year, [str(NEXT), "--days", str(days)])
    assert done.exit_code == 1
    assert "line 2" in done.output
    assert NEXT not in calendar.load().published_years
