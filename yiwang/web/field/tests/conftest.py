import io
import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.town.small import MORNING, Town, later, town
from yiwang.kernel.accounts.models import User

__all__ = ["later", "town"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings, tmp_path) -> Callable[[datetime], None]:
    """`clock(at)` sets the time of the doors; a story begins on a Wednesday morning."""
    from django.utils import timezone

    settings.YIWANG_HOME = tmp_path

    def set_clock(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    set_clock(MORNING)
    return set_clock


@pytest.fixture
def phone_of(town: Town, clock) -> Callable[[User], Client]:
    """`phone_of(town.zhang_min)`: a browser in which this person is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


def photo(name: str = "a.jpg", colour: str = "grey") -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def matter(**more: object) -> dict[str, object]:
    """What Zhang Min types about a full bin in 中山-01; what is None is left out."""
    typed = {
        "id": str(uuid.uuid4()), "text": "垃圾桶满了", "lon": "115.465", "lat": "35.235",
        "accuracy": "8", "address": "3 号楼", **more,
    }  # fmt: skip
    return {name: value for name, value in typed.items() if value is not None}


def statements(phone: Client, address: str) -> int:
    """How many statements a page costs, without savepoints and the look at versions (in the transaction of a test,
    which has bumped them, every look asks the table).
    """
    with CaptureQueriesContext(connection) as asked:
        assert phone.get(address).status_code == 200
    told = ("SAVEPOINT", "RELEASE", "foundation_version")
    return sum(not any(word in query["sql"] for word in told) for query in asked)
