"""The land from the terminal: one clear report, and an exit code that tells."""

import json
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner, Result

from yiwang.commands.territory import check_territory, import_territory
from yiwang.kernel.foundation import versions

WEST, EAST = shapely.box(115.470, 35.23, 115.475, 35.24), shapely.box(115.475, 35.23, 115.48, 35.24)
OVERLAPPING = shapely.box(115.474, 35.23, 115.48, 35.24)


def file(folder: Path, *shapes: shapely.Polygon) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"第{number}社区", "code": f"37170200300{number}"},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for number, shape in enumerate(shapes, 1)
    ]
    path = folder / "communities.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


@pytest.fixture(autouse=True)
def bare_land(db: None) -> None:
    versions.forget()


def run(*arguments: str) -> Result:
    fixed = ["--level", "community", "--name-field", "name", "--code-field", "code"]
    return CliRunner().invoke(import_territory, [*arguments, *fixed])


def test_a_clean_file_is_taken_in_and_the_second_time_changes_nothing(tmp_path: Path) -> None:
    first = run(file(tmp_path, WEST, EAST))
    assert first.exit_code == 0, first.output
    assert "2 shapes, 2 created" in first.output
    assert "0 created, 0 redrawn, 0 changed, 2 unchanged" in run(file(tmp_path, WEST, EAST)).output


def test_an_overlap_ends_with_an_error_that_names_both_shapes(tmp_path: Path) -> None:
    refused = run(file(tmp_path, WEST, OVERLAPPING))
    assert refused.exit_code == 1
    assert "第1社区" in refused.output and "第2社区" in refused.output
    assert "nothing written" in refused.output
    said = json.loads(run(file(tmp_path, WEST, OVERLAPPING), "--json").output)
    assert said["refused"] and said["findings"][0]["shapes"] == ["第1社区", "第2社区"]


def test_two_ways_to_name_the_parent_are_one_too_many(tmp_path: Path) -> None:
    both = run(file(tmp_path, WEST), "--parent", "371702003", "--parent-field", "up")
    assert both.exit_code == 2


def test_check_counts_and_tells_broken_from_worth_a_look(tmp_path: Path) -> None:
    run(file(tmp_path, WEST, EAST))
    checked = CliRunner().invoke(check_territory)
    assert checked.exit_code == 0, checked.output
    assert "2 communities, 0 grids: 0 broken" in checked.output
    assert json.loads(CliRunner().invoke(check_territory, ["--json"]).output) == {"findings": []}
