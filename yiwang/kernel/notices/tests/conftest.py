"""张敏 and 李娜 are told of cases; nothing else is registered for these tests."""

from datetime import UTC, datetime

import pytest

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import versions
from yiwang.kernel.notices import registry
from yiwang.kernel.notices.models import Endpoint
from yiwang.kernel.notices.tests.leaving import NOON, Clock, outlets

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def person(name: str, username: str) -> User:
    return User.objects.create(username=username, display_name=name, password="!")


@pytest.fixture
def zhang_min(db) -> User:
    return person("张敏", "zhang.min")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a test before this one decided and rolled back is not known any more."""
    versions.forget()
    yield
    versions.forget()


@pytest.fixture(autouse=True)
def nobody_registered(monkeypatch):
    monkeypatch.setattr(registry, "_resolvers", {})
    monkeypatch.setattr(registry, "_wording", {})
    monkeypatch.setattr(registry, "_residents", {})
    monkeypatch.setattr(registry, "_guards", {})


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch, NOON)


@pytest.fixture
def out(db, monkeypatch, settings, clock):
    return outlets(monkeypatch, settings)


@pytest.fixture
def li_na(db) -> User:
    """李娜 has an address and a telephone."""
    user = person("李娜", "li.na")
    user.email, user.phone = "li.na@example.cn", "19912345678"
    user.save()
    return user


@pytest.fixture
def endpoint(db) -> Endpoint:
    return Endpoint.objects.create(name="县平台", url="https://county.example.cn/in", secret="s")
