"""A phone in the hand of 张桂兰, who is sixty-two and reports what she sees."""

import io
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from tests.town.small import Town
from yiwang.web.residents import pacing

POINT = {"lon": "115.465", "lat": "35.235"}


@pytest.fixture(autouse=True)
def fresh_counting() -> Iterator[None]:
    pacing.forget()
    yield
    pacing.forget()


@pytest.fixture(autouse=True)
def files_home(tmp_path: Any, settings: Any) -> None:
    settings.YIWANG_HOME = tmp_path


@pytest.fixture(params=["here", "over a wire"])
def phone(request: Any, monkeypatch: pytest.MonkeyPatch, town: Town, client: Client) -> Client:
    """A browser that has opened the report page; the kernel is in the same process, or behind JSON."""
    if request.param == "over a wire":
        from yiwang.web.residents.tests.wire import WireGateway

        monkeypatch.setattr(
            "yiwang.web.residents.gateway.local.LocalGateway", _through(WireGateway)
        )
    client.get("/report")
    return client


def _through(kind: type) -> Callable[[], Any]:
    return lambda: kind()


def typed(**more: Any) -> dict[str, Any]:
    """What 张桂兰 types, unless told otherwise; every report has an id of its own."""
    return {"id": str(uuid.uuid4()), "text": "路口的井盖坏了", **POINT, **more}


def picture(colour: str = "orange") -> io.BytesIO:
    """A photo as a phone sends it."""
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(stream, "JPEG")
    stream.seek(0)
    stream.name = f"{colour}.jpg"
    return stream


def settle(phone: Client) -> None:
    """Let the process be as after its first minutes: all in memory, the founding of the town committed."""
    connection.run_on_commit.clear()
    phone.get("/report")
    phone.post("/report", typed(seen="1"))
