"""The databases in which the tests of a worker stand: the bare one, and one for each world built beforehand.

A world (a small town, say) is built once for a worker and committed. A test that asks for it runs its transaction in
that world's database, gets its own copy of what the builder returned, and is rolled back like any other. A test that
commits gets a clone of that database for itself.
"""

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.database import (
    OwnDatabase,
    Server,
    clone,
    disconnect,
    forget_versions,
    point_django_at,
    pointed_at,
)

_BARE = ""
_builders: dict[str, Callable[[], object]] = {}


class Grounds:
    """The databases of one worker; Django is pointed at one of them at a time."""

    def __init__(self, server: Server, template: str, blocker: Any) -> None:
        self._server, self._template, self._blocker = server, template, blocker
        self._databases: dict[str, OwnDatabase] = {}
        self._built: dict[str, bytes] = {}
        self._at: str | None = None

    def enter(self, name: str) -> None:
        """Point Django at the ground of this name, which is made at its first use."""
        if name == self._at:
            return
        new = name not in self._databases
        if new:
            self._databases[name] = clone(self._server, self._template)
        point_django_at(self._server, self._databases[name].name)
        if new and name != _BARE:
            self._built[name] = pickle.dumps(self._build(name))
        self._at = name

    def _build(self, name: str) -> object:
        from django.db import transaction

        with self._blocker.unblock(), transaction.atomic():
            return _builders[name]()

    def clone_of(self, name: str) -> OwnDatabase:
        """Make a database like this ground, for one test alone; whoever asks for it drops it."""
        before = self._at
        self.enter(name)
        disconnect()
        own = clone(self._server, self._databases[name].name)
        if before is not None:
            self.enter(before)
        return own

    def copy_of(self, name: str) -> Any:
        """Return what the builder returned, as it was then."""
        forget_versions()
        return pickle.loads(self._built[name])

    def close(self) -> None:
        disconnect()
        for database in self._databases.values():
            database.drop()


_WANTED = pytest.StashKey[str]()
_GROUNDS = pytest.StashKey[Grounds]()


def ground(build: Callable[[], object]) -> Any:
    """Make a fixture, named as the builder, of what the builder puts into the database and returns.

    No other fixture may have this name: by it a test is known to stand on this ground.
    """
    name = build.__name__
    _builders[name] = build

    @pytest.fixture(name=name)
    def standing(request: pytest.FixtureRequest, db: None) -> Any:
        return request.config.stash[_GROUNDS].copy_of(name)

    return standing


def ground_of_its_own(
    request: pytest.FixtureRequest, name: str
) -> Iterator[tuple[OwnDatabase, Any]]:
    """Yield a clone of the ground, with Django pointed at it, and what its builder returned."""
    grounds = request.config.stash[_GROUNDS]
    own = grounds.clone_of(name)
    with request.getfixturevalue("django_db_blocker").unblock(), pointed_at(own):
        yield own, grounds.copy_of(name)
    own.drop()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Go to the ground of the test before any fixture opens a transaction."""
    asked = [name for name in getattr(item, "fixturenames", ()) if name in _builders]
    stash = item.config.stash
    stash[_WANTED] = asked[0] if asked else _BARE
    if _GROUNDS in stash:
        stash[_GROUNDS].enter(stash[_WANTED])


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, server: Server, template: str, django_db_blocker: Any
) -> Iterator[None]:
    """Behind pytest-django's `db`: clones of the migrated database, entered as the program."""
    stash = request.config.stash
    stash[_GROUNDS] = grounds = Grounds(server, template, django_db_blocker)
    grounds.enter(stash[_WANTED])
    yield
    grounds.close()
    del stash[_GROUNDS]
