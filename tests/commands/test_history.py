"""`yiwang import-cases` on the real history of a city, where the folder of measuring data is there."""

import csv
import io
import json
import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db.models import Count

from yiwang.commands import main
from yiwang.kernel.cases.importing import mapping
from yiwang.kernel.cases.models import Case
from yiwang.kernel.foundation import audit

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "examples" / "mappings" / "boston-311.toml"


@pytest.fixture
def boston() -> Path:
    folder = Path(os.environ.get("YIWANG_SHARED_DATA", ROOT.parent / "shared" / "data"))
    file = folder / "boston311" / "boston_311_service_requests_2011H2.csv.zip"
    if not file.exists():
        pytest.skip(f"no real data for measuring here: {file}")
    return file


def told_by_the_file(rows: Path) -> dict[str, int]:
    """How many rows each unit has in the file itself, under the names the mapping gives them."""
    names = mapping.read(MAPPING).units
    column = mapping.read(MAPPING).columns["unit"][0]
    with zipfile.ZipFile(rows) as archive, archive.open(archive.namelist()[0]) as raw:
        words = Counter(
            row[column] for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8-sig"))
        )
    totals: Counter[str] = Counter()
    for word, count in words.items():
        totals[names[word].name if word in names else word or "—"] += count
    return dict(totals)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.usefixtures("own_database")
def test_the_real_history_of_boston_is_accounted_for(boston: Path, tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    done = CliRunner().invoke(
        main, ["import-cases", str(MAPPING), str(boston), "--json", "--errors", str(errors)]
    )
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert figures["rows"] == 58_251 == figures["imported"] + figures["rejected"]
    assert figures["area_agreement"] >= 0.996
    assert figures["on_time_agreement"] >= 0.995
    assert Case.objects.filter(trust="default_point").count() == 4_775
    totals = {
        row["lead_unit__name"]: row["count"]
        for row in Case.objects.values("lead_unit__name").annotate(count=Count("id"))
    }
    assert sum(totals.values()) == 58_251
    assert totals == told_by_the_file(boston)
    assert list(audit.verify()) == []


def test_a_mapping_that_does_not_fit_is_one_sentence(tmp_path: Path, own_database: object) -> None:
    (tmp_path / "m.toml").write_text("[source]\nname = 'x'\n")
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    done = CliRunner().invoke(
        main, ["import-cases", str(tmp_path / "m.toml"), str(tmp_path / "rows.csv")]
    )
    assert done.exit_code == 1
    assert "Traceback" not in done.output and "section [status] is missing" in done.output
