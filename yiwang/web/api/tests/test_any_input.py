"""Whatever is sent, the answer is one of ours: never a 500, never half a report."""

import json
import string
import uuid
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.kernel.cases.models import Report
from yiwang.web.api.tests.conftest import Neighbour

NASTY = st.sampled_from(
    [
        "\x00",
        "a\x00b",
        "𠮷野家",
        "\u202eRTL",
        "\ud800",
        "'; DROP TABLE--",
        "%s %(x)s",
        "{{ 7 }}",
        "\u200b",
        "🚧" * 50,
        "x" * 25_000,
    ]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | NASTY,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
NUMBER = st.floats() | st.integers(-(10**30), 10**30) | ANY
FIELDS = st.fixed_dictionaries(
    {"id": st.uuids().map(str) | ANY, "text": st.text(max_size=50) | NASTY | ANY},
    optional={
        "kind": st.sampled_from(["complain", "praise"]) | ANY,
        "lon": st.floats(115.4, 115.5) | NUMBER,
        "lat": st.floats(35.2, 35.3) | NUMBER,
        "accuracy_m": NUMBER,
        "address": st.text() | NASTY,
        "area_id": NUMBER,
        "category_id": NUMBER,
        "category": NASTY | ANY,
        "name": NASTY | ANY,
        "phone": st.text(string.digits, max_size=15) | NASTY,
        "outer_number": NASTY | st.text(max_size=70),
        "follows": NASTY,
        "follow_code": NASTY | st.text("0123ABC", min_size=13, max_size=13),
        "photo_ids": st.lists(st.uuids().map(str) | ANY, max_size=8) | ANY,
        "surplus": ANY,
    },
)
WORKING = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(neighbour: Neighbour, body: Any) -> None:
    with transaction.atomic():
        before = Report.objects.count()
        answer = neighbour.post("/reports", body)
        assert answer.status_code in (200, 201, 400, 409, 413, 422), answer.content
        said = json.loads(answer.content)
        assert "message" in said or "follow_code" in said
        added = Report.objects.count() - before
        assert added == (1 if answer.status_code == 201 else 0)


@pytest.mark.slow
@WORKING
@given(body=FIELDS)
def test_any_fields(neighbour: Neighbour, body: dict[str, Any]) -> None:
    check(neighbour, body)


@WORKING
@given(body=ANY)
def test_any_json(neighbour: Neighbour, body: Any) -> None:
    check(neighbour, json.dumps(body))


@WORKING
@given(body=st.binary(max_size=200))
def test_any_bytes(neighbour: Neighbour, body: bytes) -> None:
    check(neighbour, body)


@WORKING
@given(rating=ANY, reason=ANY)
def test_any_rating(neighbour: Neighbour, rating: Any, reason: Any) -> None:
    code = f"{uuid.uuid4().int % 10**13:013d}"
    answer = neighbour.post(f"/reports/{code}/rating", {"rating": rating, "reason": reason})
    assert answer.status_code in (400, 404, 422, 429), answer.content


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_405(neighbour: Neighbour, method: str) -> None:
    from django.test import Client

    assert getattr(Client(), method)("/api/v1/reports").status_code == 405
