from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.town.small import MORNING, Town, town
from yiwang.kernel.accounts.models import User

__all__ = ["town"]

Knock = Callable[[User], Client]


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> None:
    """Files that wait for a yes lie in a folder of the test."""
    settings.YIWANG_HOME = tmp_path


@pytest.fixture
def as_(town: Town, monkeypatch: pytest.MonkeyPatch) -> Knock:
    """`as_(town.wu_gang)`: a browser in which this person is signed in, on a Wednesday morning."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: MORNING)

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def wu_gang(town: Town, as_: Knock) -> Client:
    """The administrator's browser."""
    return as_(town.wu_gang)


def filled(response: Any, form: str = "form") -> dict[str, str]:
    """What the browser would send when the form of a page is sent as it was shown."""
    return filled_form(response.context[form])


def filled_form(form: Any) -> dict[str, str]:
    sent = {}
    for field in form:
        value = field.value()
        if value is True:
            sent[field.html_name] = "on"
        elif value is not None and value is not False:
            sent[field.html_name] = value.isoformat() if hasattr(value, "isoformat") else value
    return sent
