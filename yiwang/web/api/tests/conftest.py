"""Another system that sends reports as JSON."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.town.small import Town
from yiwang.web.kit import pace


@dataclass
class Neighbour:
    """The hotline's computer. It keeps no cookies."""

    town: Town

    def post(self, path: str, body: object, **headers: str) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        client = Client(raise_request_exception=False)
        return client.post(f"/api/v1{path}", text, content_type="application/json", headers=headers)

    def get(self, path: str) -> Any:
        return Client(raise_request_exception=False).get(f"/api/v1{path}")

    def report(self, **more: Any) -> dict[str, Any]:
        """A broken manhole cover in 中山-01, unless told otherwise."""
        return {
            "id": str(uuid.uuid4()), "text": "井盖坏了", "lon": 115.465, "lat": 35.235,
            "category_id": self.town.category("污水井盖"), **more,
        }  # fmt: skip

    def send(self, **more: Any) -> Any:
        return self.post("/reports", self.report(**more))

    def settle(self) -> None:
        """Let the process be as after its first minutes: all in memory."""
        connection.run_on_commit.clear()
        self.send()


@pytest.fixture
def neighbour(town: Town, settings: Any, tmp_path: Any) -> Neighbour:
    settings.YIWANG_INTAKE_PER_MINUTE = 0
    settings.YIWANG_HOME = tmp_path
    return Neighbour(town)


@pytest.fixture(autouse=True)
def fresh_counting() -> Iterator[None]:
    pace.forget()
    yield
    pace.forget()


def refusal(answer: HttpResponse) -> tuple[int, str, str | None]:
    """Status, code and field; the sentence is never empty."""
    body = json.loads(answer.content)
    assert body["message"]
    return answer.status_code, body["code"], body.get("field")
