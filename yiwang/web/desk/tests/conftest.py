from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.town.small import MORNING, Town, later, town
from yiwang.kernel.accounts.models import User

__all__ = ["later", "town"]

Knock = Callable[[User], Client]


@pytest.fixture
def at_nine(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock of the doors; a story begins on a Wednesday morning."""
    from django.utils import timezone

    def set_clock(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    set_clock(MORNING)
    return set_clock


@pytest.fixture
def as_(town: Town, at_nine: Any) -> Knock:
    """`as_(town.wang_fang)`: a browser in which this person is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
