"""The land: changed with care, drawn from files that are tried first."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from shapely import box
from shapely.geometry import mapping

from tests.town.small import MORNING, Town
from yiwang.kernel.foundation import audit
from yiwang.kernel.organisation import appoint
from yiwang.kernel.organisation.rules import Role
from yiwang.kernel.territory.models import DefaultPoint, Division
from yiwang.web.office.tests.conftest import filled

LEFT, MIDDLE, RIGHT = 115.46, 115.465, 115.47


def geojson(*shapes: tuple[str, object], name: str = "grids.geojson") -> SimpleUploadedFile:
    features = [
        {
            "type": "Feature",
            "properties": {"name": label, "households": 400},
            "geometry": mapping(shape),
        }
        for label, shape in shapes
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    return SimpleUploadedFile(name, content.encode(), "application/geo+json")


def halves() -> SimpleUploadedFile:
    return geojson(
        ("中山-01西", box(LEFT, 35.23, MIDDLE, 35.24)),
        ("中山-01东", box(MIDDLE, 35.23, RIGHT, 35.24)),
    )


IMPORT = {"level": "grid", "crs": "wgs84", "name_field": "name", "valid_from": "2026-10-21"}


def test_the_tree_shows_what_the_standard_finds(town: Town, wu_gang):
    page = wu_gang.get("/office/territory/")
    assert "“中山-02”没有网格员" in page.content.decode()
    marked = {
        feature["properties"]["name"]
        for feature in page.context["layer"]["features"]
        if feature["properties"]["problem"]
    }
    assert "中山-02" in marked


def test_a_division_says_that_its_boundary_was_generated(town: Town, wu_gang):
    page = wu_gang.get(f"/office/territory/{town.grid('中山-01').pk}/")
    assert "程序生成" in page.content.decode()


def test_wu_gang_counts_the_households(town: Town, wu_gang):
    grid = town.grid("中山-01")
    address = f"/office/territory/{grid.pk}/"
    sent = filled(wu_gang.get(address)) | {"households": "420"}
    assert wu_gang.post(address, sent).status_code == 302
    grid.refresh_from_db()
    assert grid.households == 420
    assert wu_gang.post(address, sent).status_code == 302  # a double tap
    changes = [e for e in audit.timeline("division", grid.pk) if e.verb == "division_changed"]
    assert len(changes) == 1


def test_a_stale_tab_is_told_what_is_true_now_and_keeps_what_was_typed(town: Town, wu_gang):
    grid = town.grid("中山-01")
    address = f"/office/territory/{grid.pk}/"
    old = filled(wu_gang.get(address))
    wu_gang.post(address, old | {"households": "420"})
    answer = wu_gang.post(address, old | {"households": "350"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "现在是：420" in text
    assert 'value="350"' in text
    again = wu_gang.post(address, filled(answer) | {"households": "350"})
    assert again.status_code == 302
    grid.refresh_from_db()
    assert grid.households == 350


def test_a_name_that_is_taken_is_refused_beside_its_field(town: Town, wu_gang):
    address = f"/office/territory/{town.grid('中山-01').pk}/"
    answer = wu_gang.post(address, filled(wu_gang.get(address)) | {"name": "中山-02"})
    assert answer.status_code == 409
    assert "同一上级下已有“中山-02”" in str(answer.context["form"].errors["name"])


def test_a_file_is_tried_before_it_is_written(town: Town, wu_gang):
    shape = geojson(("中山-03", box(115.48, 35.23, 115.49, 35.24)))
    tried = wu_gang.post("/office/territory/import/", IMPORT | {"file": shape, "parent": "中山"})
    assert tried.status_code == 422  # it lies outside 中山
    good = geojson(
        ("中山-01", box(LEFT, 35.23, RIGHT, 35.24)), ("中山-02", box(RIGHT, 35.23, 115.48, 35.24))
    )
    tried = wu_gang.post(
        "/office/territory/import/",
        IMPORT | {"file": good, "do": "try", "households_field": "households"},
    )
    assert tried.status_code == 200
    assert tried.context["report"].changed == ["中山-01", "中山-02"]
    assert Division.objects.get(name="中山-01").households is None
    token = tried.context["form"]["token"].value()
    sent = IMPORT | {"households_field": "households", "token": token, "do": "write"}
    written = wu_gang.post("/office/territory/import/", sent)
    assert written.context["written"]
    assert Division.objects.get(name="中山-01").households == 400
    twice = wu_gang.post("/office/territory/import/", sent)
    assert twice.context["report"].unchanged == 2


def test_an_overlap_is_refused_and_names_the_shapes(town: Town, wu_gang):
    bad = geojson(
        ("甲", box(LEFT, 35.23, 115.468, 35.24)), ("乙", box(MIDDLE, 35.23, RIGHT, 35.24))
    )
    answer = wu_gang.post("/office/territory/import/", IMPORT | {"file": bad, "do": "write"})
    assert answer.status_code == 422
    assert "甲" in answer.content.decode()
    assert not Division.objects.filter(name="甲").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"\xff\xfe\x00", "不是 UTF-8"),
        (b"{", "不是 JSON"),
        (b'{"type": "Point"}', "FeatureCollection"),
    ],
)
def test_a_bad_file_is_named(town: Town, wu_gang, content, said):
    file = SimpleUploadedFile("bad.geojson", content)
    answer = wu_gang.post("/office/territory/import/", IMPORT | {"file": file, "do": "write"})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_without_a_file_nothing_is_tried(town: Town, wu_gang):
    answer = wu_gang.post("/office/territory/import/", IMPORT | {"do": "try"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_nobody_says_yes_to_the_file_of_another(town: Town, wu_gang, as_):
    tried = wu_gang.post("/office/territory/import/", IMPORT | {"file": halves(), "do": "try"})
    token = tried.context["form"]["token"].value()

    appoint(
        town.zhou_wei, unit=town.unit("受理中心"), role=Role.ADMINISTRATOR,
        area=town.grid("南城街道"), by=town.wu_gang, at=MORNING,
    )  # fmt: skip
    answer = as_(town.zhou_wei).post(
        "/office/territory/import/", IMPORT | {"token": token, "do": "write"}
    )
    assert "先前上传的文件已不在" in answer.content.decode()


SPLIT = {"on": "2026-11-01", "crs": "wgs84", "name_field": "name", "households_field": "households"}


def test_a_grid_is_split_after_a_trial(town: Town, wu_gang):
    grid = town.grid("中山-01")
    address = f"/office/territory/{grid.pk}/split/"
    tried = wu_gang.post(address, SPLIT | {"file": halves(), "do": "try"})
    assert [part.name for part in tried.context["parts"]] == ["中山-01西", "中山-01东"]
    grid.refresh_from_db()
    assert grid.valid_to is None
    token = tried.context["form"]["token"].value()
    assert wu_gang.post(address, SPLIT | {"token": token, "do": "write"}).status_code == 302
    grid.refresh_from_db()
    assert grid.valid_to == date(2026, 11, 1)
    assert Division.objects.get(name="中山-01西").households == 400


def test_parts_that_leave_a_gap_are_refused(town: Town, wu_gang):
    grid = town.grid("中山-01")
    part = geojson(
        ("甲", box(LEFT, 35.23, 115.463, 35.24)), ("乙", box(MIDDLE, 35.23, RIGHT, 35.24))
    )
    answer = wu_gang.post(
        f"/office/territory/{grid.pk}/split/", SPLIT | {"file": part, "do": "write"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_a_community_with_grids_is_not_closed(town: Town, wu_gang):
    place = town.grid("中山")
    answer = wu_gang.post(f"/office/territory/{place.pk}/close/", {"on": "2026-12-01"})
    assert answer.status_code == 409
    assert "之下还有未停用的区划" in answer.content.decode()


def test_a_grid_is_closed_and_made(town: Town, wu_gang):
    grid = town.grid("张楼-01")
    assert (
        wu_gang.post(f"/office/territory/{grid.pk}/close/", {"on": "2026-12-01"}).status_code == 302
    )
    sent = {
        "parent": town.grid("张楼").pk, "level": "grid", "name": "张楼-02", "kind": "dedicated",
        "valid_from": "2026-12-01",
    }  # fmt: skip
    assert wu_gang.post("/office/territory/new/", sent).status_code == 302
    assert wu_gang.post("/office/territory/new/", sent).status_code == 409  # a double tap
    assert Division.objects.get(name="张楼-02").kind == "dedicated"


def test_a_default_point_comes_and_goes(town: Town, wu_gang):
    sent = {"name": "市政府门口", "lon": "115.47", "lat": "35.23", "radius_m": "20"}
    for _tap in range(2):
        assert wu_gang.post("/office/territory/points/", sent).status_code == 302
    point = DefaultPoint.objects.get()
    wrong = wu_gang.post("/office/territory/points/", sent | {"lon": "215"})
    assert wrong.status_code == 422
    assert wu_gang.post(f"/office/territory/points/{point.pk}/remove/").status_code == 302
    assert not DefaultPoint.objects.exists()


def test_zheng_kai_s_community_administrator_stays_within_it(town: Town, as_):
    appoint(
        town.zheng_kai, unit=town.unit("张楼社区居委会"), role=Role.ADMINISTRATOR,
        area=town.grid("张楼"), by=town.wu_gang, at=MORNING,
    )  # fmt: skip
    browser = as_(town.zheng_kai)
    theirs, other = town.grid("张楼-01"), town.grid("中山-01")
    assert (
        browser.post(f"/office/territory/{theirs.pk}/close/", {"on": "2026-12-01"}).status_code
        == 302
    )
    assert (
        browser.post(f"/office/territory/{other.pk}/close/", {"on": "2026-12-01"}).status_code
        == 403
    )
    answer = browser.post("/office/territory/import/", IMPORT | {"file": halves(), "do": "write"})
    assert answer.status_code == 403
