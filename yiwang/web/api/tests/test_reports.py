"""Reports over HTTP: once, lean, and refused in words."""

import io
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests.town.small import Town
from yiwang.kernel.cases.models import Case, CasePhoto, Report
from yiwang.web.api.tests.conftest import Neighbour, refusal


def test_the_hotline_sends_a_report(neighbour: Neighbour) -> None:
    sent = neighbour.report(outer_number="12345-7", kind="help")
    answer = neighbour.post("/reports", sent)
    body = answer.json()
    assert answer.status_code == 201
    assert body["id"] == sent["id"]
    assert not body["repeated"]
    report = Report.objects.get(follow_code=body["follow_code"])
    assert (report.channel, report.kind, report.outer_number) == ("api", "help", "12345-7")
    assert report.case.number == body["case_number"]


def test_a_category_may_be_named_by_its_code(neighbour: Neighbour) -> None:
    neighbour.send(category_id=None, category="P0102")
    assert Case.objects.get().category.code == "P0102"
    assert refusal(neighbour.send(category_id=None, category="X"))[::2] == (422, "category")


def test_sent_twice_is_taken_once(neighbour: Neighbour) -> None:
    sent = neighbour.report()
    first, second = neighbour.post("/reports", sent), neighbour.post("/reports", sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json() | {"repeated": True}
    assert Report.objects.count() == 1


def test_the_same_id_with_other_words_is_409(neighbour: Neighbour) -> None:
    sent = neighbour.report()
    neighbour.post("/reports", sent)
    other = neighbour.post("/reports", sent | {"text": "路灯坏了"})
    assert refusal(other) == (409, "other_content", None)


def test_an_outer_number_is_taken_once(neighbour: Neighbour) -> None:
    neighbour.send(outer_number="7")
    assert refusal(neighbour.send(outer_number="7")) == (409, "outer_number_taken", "outer_number")


def test_a_code_may_be_made_by_the_client(neighbour: Neighbour) -> None:
    assert neighbour.send(follow_code="0k7q-f2m9-x4tbr").json()["follow_code"] == "0K7QF2M9X4TBR"
    assert refusal(neighbour.send(follow_code="0K7QF2M9X4TBR")) == (409, "follow_code_taken", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": "7"}, "id"),
        ({"id": None}, "id"),
        ({"text": ""}, "text"),
        ({"text": 7}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"lon": "east"}, "lon"),
        ({"lon": None}, "place"),
        ({"lon": 181}, "place"),
        ({"accuracy_m": -1}, "place"),
        ({"category_id": 2**70}, "category_id"),
        ({"category_id": 999_999}, "category_id"),
        ({"area_id": 0}, "area_id"),
        ({"kind": "gossip"}, "kind"),
        ({"phone": "ask me"}, "phone"),
        ({"outer_number": "7" * 65}, "outer_number"),
        ({"follow_code": "short"}, "follow_code"),
        ({"follows": "20260101-0001"}, "follows"),
        ({"photo_ids": ["x"]}, "photo_ids.0"),
        ({"photo_ids": [str(uuid.UUID(int=1))]}, "photos"),
        ({"ethnicity": "any"}, "ethnicity"),
    ],
)
def test_what_is_wrong_is_named(neighbour: Neighbour, wrong: dict[str, Any], field: str) -> None:
    status, _, named = refusal(neighbour.send(**wrong))
    assert (status, named) == (422, field)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["", "{", "null", "[]", "7", '"text"', "[" * 100_000, '{"id": "\\ud800"}', b"\xff\xfe", "NaN"],
)
def test_what_is_no_report_is_refused(neighbour: Neighbour, body: str | bytes) -> None:
    assert refusal(neighbour.post("/reports", body))[0] in (400, 422)


def test_too_much_is_413(neighbour: Neighbour) -> None:
    assert refusal(neighbour.send(text="井" * 3_000_000))[:2] == (413, "too_big")


def test_a_refusal_speaks_the_callers_language(neighbour: Neighbour) -> None:
    sent = neighbour.report(lon="east")
    answer = neighbour.post("/reports", sent, **{"accept-language": "en"})
    assert answer.json()["message"] == "Must be a number"


def test_taking_a_report_costs_twelve_statements_at_most(
    neighbour: Neighbour, django_assert_max_num_queries: Any
) -> None:
    neighbour.settle()
    sent = neighbour.report(name="张桂兰", phone="13800000000")
    with django_assert_max_num_queries(12) as asked:
        assert neighbour.post("/reports", sent).status_code == 201
    statements = " ".join(query["sql"] for query in asked.captured_queries)
    assert "session" not in statements
    assert "accounts_user" not in statements


def test_a_stray_session_cookie_costs_nothing(
    neighbour: Neighbour, django_assert_max_num_queries: Any
) -> None:
    neighbour.settle()
    client = Client()
    client.cookies["sessionid"] = "nobody"
    with django_assert_max_num_queries(12) as asked:
        client.post(
            "/api/v1/reports", json.dumps(neighbour.report()), content_type="application/json"
        )
    assert "django_session" not in " ".join(query["sql"] for query in asked.captured_queries)


def test_an_answer_sets_no_cookie(neighbour: Neighbour) -> None:
    assert not neighbour.send().cookies


def test_too_many_are_told_when_to_come_again(neighbour: Neighbour, settings: Any) -> None:
    settings.YIWANG_INTAKE_PER_MINUTE = 4
    settings.YIWANG_WORKERS = 1
    answers = [neighbour.send() for _ in range(5)]
    assert [answer.status_code for answer in answers] == [201] * 4 + [429]
    assert refusal(answers[-1])[1] == "too_often"
    assert int(answers[-1]["Retry-After"]) > 0


def test_the_limit_is_shared_out_among_the_processes(neighbour: Neighbour, settings: Any) -> None:
    settings.YIWANG_INTAKE_PER_MINUTE = 4
    settings.YIWANG_WORKERS = 2
    assert [neighbour.send().status_code for _ in range(3)] == [201, 201, 429]


def test_how_far_it_is_names_nobody(neighbour: Neighbour) -> None:
    code = neighbour.send(name="张桂兰", phone="13800000000", address="3 号楼 502").json()[
        "follow_code"
    ]
    answer = neighbour.get(f"/reports/{code}")
    assert answer.json()["step"] == "received"
    for secret in ("张桂兰", "138", "502", "井盖坏了"):
        assert secret not in answer.content.decode()


def test_following_costs_few_statements(
    neighbour: Neighbour, django_assert_max_num_queries: Any
) -> None:
    neighbour.settle()
    code = neighbour.send().json()["follow_code"]
    with django_assert_max_num_queries(3):
        neighbour.get(f"/reports/{code}")


def test_wrong_codes_are_404_and_then_429(neighbour: Neighbour) -> None:
    answers = [neighbour.get(f"/reports/{n:013d}").status_code for n in range(40)]
    assert (answers[0], answers[-1]) == (404, 429)


@pytest.mark.parametrize("code", ["x", "𠮷", "%00", "0" * 3000, "..", "a b"])
def test_what_is_no_code_is_404(neighbour: Neighbour, code: str) -> None:
    assert neighbour.get(f"/reports/{code}").status_code == 404


def test_a_result_is_rated(neighbour: Neighbour, town: Town) -> None:
    report = Report.objects.get(case=town.closed())
    path = f"/reports/{report.follow_code}/rating"
    assert refusal(neighbour.post(path, {"rating": "dissatisfied"})) == (422, "invalid", "reason")
    assert refusal(neighbour.post(path, {"rating": "great"})) == (422, "invalid", "rating")
    assert neighbour.post(path, {"rating": "satisfied"}).status_code == 204
    assert refusal(neighbour.post(path, {"rating": "satisfied"}))[:2] == (409, "rated")


def test_what_is_not_closed_is_not_rated(neighbour: Neighbour) -> None:
    code = neighbour.send().json()["follow_code"]
    answer = neighbour.post(f"/reports/{code}/rating", {"rating": "satisfied"})
    assert refusal(answer)[:2] == (409, "not_closed")


def photo() -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48)).save(stream, "JPEG")
    stream.seek(0)
    stream.name = "p.jpg"
    return stream


def test_a_photo_is_sent_ahead(neighbour: Neighbour) -> None:
    kept = Client().post("/api/v1/photos", {"photo": photo()})
    assert kept.status_code == 201
    assert neighbour.send(photo_ids=[kept.json()["id"]]).status_code == 201
    assert CasePhoto.objects.get().purpose == "before"


def test_no_photo_and_no_picture_are_refused(neighbour: Neighbour) -> None:
    assert refusal(Client().post("/api/v1/photos", {}))[0] == 422
    words = io.BytesIO(b"dear office")
    words.name = "p.jpg"
    assert refusal(Client().post("/api/v1/photos", {"photo": words}))[0] == 422


@pytest.mark.parametrize("path", ["/", "/openapi.json"])
def test_the_description_is_for_staff(town: Town, path: str) -> None:
    assert Client().get(f"/api/v1{path}").status_code == 401
    client = Client()
    client.force_login(town.wu_gang)
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200
    assert "reports/{code}/rating" in answer.content.decode()
