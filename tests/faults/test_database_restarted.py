"""The database is restarted under load, gently (`pg_ctl restart -m fast`): what was acknowledged is there, the rest is told.

The other way to go, `kill -9` of every part, is `tests/house/start/test_intake_under_fire.py`.
"""

import http.client
import json
import os
import signal
import threading
import time
from dataclasses import dataclass, field

import psycopg
import pytest

from tests.house.start.conftest import office, pattern
from tests.house.start.office import Office, patiently
from tests.house.start.test_intake_under_fire import Senders
from yiwang.outside.postgres import hold

__all__ = ["office", "pattern"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@dataclass
class Reader:
    """Somebody who opens a page again and again, and keeps what was not the page."""

    port: int
    accept: str
    other: list[tuple[int, str, str]] = field(default_factory=list)
    served: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._read_on)
        self._thread.start()

    def finish(self) -> None:
        self.stop.set()
        self._thread.join(60)

    def _read_on(self) -> None:
        while not self.stop.is_set():
            call = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                call.request("GET", "/report", headers={"Accept": self.accept})
                answer = call.getresponse()
                content = answer.read().decode()
            finally:
                call.close()
            if answer.status == 200:
                self.served += 1
            else:
                self.other.append((answer.status, answer.headers.get("Retry-After", ""), content))
            time.sleep(0.02)


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
    for each in (senders, *readers):
        each.begin()  # type: ignore[attr-defined]
    for _time in range(2):
        enough = len(senders.acknowledged) + 40
        patiently(lambda enough=enough: len(senders.acknowledged) >= enough, 60)  # type: ignore[misc]
        restart(office)
    enough, served = len(senders.acknowledged) + 40, readers[1].served + 20
    patiently(lambda: len(senders.acknowledged) >= enough and readers[1].served >= served, 40)
    for each in (senders, *readers):
        each.finish()  # type: ignore[attr-defined]
    patiently(lambda: "worker: 1 at work" in office.command("check").stdout)
    assert office.end() == 0

    _all_is_there(office, senders)
    told = [answer for reader in readers for answer in reader.other]
    assert all(status == 503 and wait for status, wait, _content in told), told
    assert {json.loads(said)["code"] for s, _w, said in readers[0].other if s == 503} <= {
        "unavailable"
    }
    assert all("administrator" not in said and "psycopg" not in said for _s, _w, said in told)


def _all_is_there(office: Office, senders: Senders) -> None:
    with hold(office.home) as database, psycopg.connect(database.owner_url) as connection:
        kept = dict(
            connection.execute(
                "SELECT report.id::text, c.number FROM cases_report report "
                "JOIN cases_case c ON c.id = report.case_id"
            ).fetchall()
        )
        cases = connection.execute("SELECT count(*) FROM cases_case").fetchone()
    assert senders.acknowledged.items() <= kept.items()
    assert cases == (len(kept),)
    verified = office.command("verify-audit", "--json")
    assert verified.returncode == 0, verified.stdout
