from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.town.small import MORNING, later, town
from yiwang.kernel.accounts.models import User
from yiwang.web.kit import pace
from yiwang.web.residents import pacing

__all__ = ["later", "town"]

Knock = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Files in a folder of the test, and nobody sends too often."""
    settings.YIWANG_HOME = tmp_path
    settings.YIWANG_INTAKE_PER_MINUTE = 0
    pace.forget()
    pacing.forget()
    yield
    pace.forget()
    pacing.forget()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`clock(at)` sets the time of the doors; a story begins on a Wednesday morning."""
    from django.utils import timezone

    def set_clock(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    set_clock(MORNING)
    return set_clock


@pytest.fixture
def as_(clock: Any) -> Knock:
    """`as_(town.wang_fang)`: a browser in which this person is signed in; an error of ours comes as its page."""

    def signed_in(user: User | None) -> Client:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        return client

    return signed_in
