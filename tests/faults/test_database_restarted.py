"""The database is restarted under load, gently (`pg_ctl restart -m fast`): what was acknowledged is there, the rest is told.

The other way to go, `kill -9` of every part, is `tests/house/start/test_intake_under_fire.py`.
"""

import json
import os
import signal

import pytest

from tests.house.start.conftest import office, pattern
from tests.house.start.office import Office, patiently
from tests.house.start.traffic import Reader, Senders, assert_all_is_there

__all__ = ["office", "pattern"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def restart(office: Office) -> None:
    """End the server as an administrator does; its keeper starts it again."""
    before = office.pid_of("postgres")
    os.kill(before, signal.SIGINT)
    patiently(lambda: _other(office, before), 60)


def _other(office: Office, before: int) -> bool:
    try:
        return office.pid_of("postgres") != before
    except (OSError, ValueError, IndexError):
        return False


def test_a_restart_under_load_loses_nothing_and_passes_by_itself(office: Office) -> None:
    office.settings["YIWANG_INTAKE_PER_MINUTE"] = "0"
    office.start()
    office.await_served()
    senders = Senders(office.port)
    readers = [
        Reader(office.port, "application/json"),
        Reader(office.port, "text/html"),
    ]
    busy: tuple[Senders | Reader, ...] = (senders, *readers)
    for each in busy:
        each.begin()
    for _time in range(2):
        senders.await_more()
        restart(office)
    enough, served = len(senders.acknowledged) + 40, readers[1].served + 20
    patiently(lambda: len(senders.acknowledged) >= enough and readers[1].served >= served, 40)
    for each in busy:
        each.finish()
    patiently(lambda: "worker: 1 at work" in office.command("check").stdout)
    assert office.end() == 0

    assert_all_is_there(office, senders)
    told = [answer for reader in readers for answer in reader.other]
    assert all(status == 503 and wait for status, wait, _content in told), told
    assert {json.loads(said)["code"] for s, _w, said in readers[0].other if s == 503} <= {
        "unavailable"
    }
    assert all("administrator" not in said and "psycopg" not in said for _s, _w, said in told)
