"""For whom the database answers. Row-level policies read `current_setting('yiwang.viewer', true)`:

a user's id, `system`, or nothing (NULL or the empty string): nobody, who sees no personal data.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.shelf import standing


def viewer_name(actor: Actor) -> str:
    """The name policies know this actor by; a resident is nobody."""
    if actor.actor_kind == "system":
        return "system"
    return str(actor.actor_id) if actor.actor_kind == "staff" else ""


@contextmanager
def speaking_as(actor: Actor) -> Iterator[None]:
    """Run a transaction whose rows are chosen for this actor.

    Costs one statement when it opens the transaction. Within another transaction it is a savepoint; the former viewer
    is put back after it, and a rollback puts it back by itself.
    """
    if standing() is not None:  # the history is written down for the program itself
        yield
        return
    name = viewer_name(actor)
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            _set_viewer(name)
            yield
            return
        former = _viewer()
        if former != name:
            _set_viewer(name)
        yield
        if former != name:
            _set_viewer(former)


def _viewer() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('yiwang.viewer', true)")
        row = cursor.fetchone()
    return (row[0] if row else "") or ""


def _set_viewer(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('yiwang.viewer', %s, true)", [name])
