from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.town.small import MORNING, Town, later, town
from yiwang.kernel.accounts.models import User

__all__ = ["later", "town"]

EVENING = MORNING + timedelta(hours=9)
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`clock(at)` sets the time of the doors; here it is evening, when a morning's work is late."""
    from django.utils import timezone

    def set_clock(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    set_clock(EVENING)
    return set_clock


@pytest.fixture
def desk_of(town: Town, clock) -> Callable[[User], Client]:
    """`desk_of(town.zhou_wei)`: a browser in which this person is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def statements(browser: Client, address: str) -> int:
    """How many statements a page costs, without savepoints and the look at versions (in the transaction of a test,
    which has bumped them, every look asks the table).
    """
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    told = ("SAVEPOINT", "RELEASE", "foundation_version")
    return sum(not any(word in query["sql"] for word in told) for query in asked)
