"""Who keeps an office busy while it is hurt, and what must be there afterwards."""

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field

import psycopg

from tests.house.start.office import Office, patiently
from yiwang.outside.postgres import hold

SENDERS = 4


@dataclass
class Senders:
    """Residents who send again until they are told that their report is taken."""

    port: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        self._threads = [threading.Thread(target=self._send_on) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def await_more(self, count: int = 40) -> None:
        """Wait until so many more are acknowledged."""
        enough = len(self.acknowledged) + count
        patiently(lambda: len(self.acknowledged) >= enough, 60)

    def finish(self) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def _send_on(self) -> None:
        while not self.stop.is_set():
            key = str(uuid.uuid4())
            body = json.dumps({"id": key, "text": "水管爆了"}).encode()
            # Whoever has begun to send does not give up: the last report of each sender is acknowledged too.
            while (answer := self._try(body)) is None:
                time.sleep(0.05)
            self.repeated += answer[0] == 200
            self.acknowledged[key] = answer[1]["case_number"]

    def _try(self, body: bytes) -> tuple[int, dict[str, str]] | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            head = {"Content-Type": "application/json"}
            connection.request("POST", "/api/v1/reports", body, head)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status >= 500:
            return None
        assert answer.status in (200, 201), (answer.status, content)
        return answer.status, json.loads(content)


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


def assert_all_is_there(office: Office, senders: Senders) -> None:
    """Of an ended office: every acknowledged report is in its case, each case is of one report, the records agree."""
    with hold(office.home) as database, psycopg.connect(database.owner_url) as connection:
        kept = dict(
            connection.execute(
                "SELECT report.id::text, min(c.number) FROM cases_report report "
                "JOIN cases_case c ON c.id = report.case_id GROUP BY report.id"
            ).fetchall()
        )
        cases = connection.execute("SELECT id::text FROM cases_case").fetchall()
        told = connection.execute(
            "SELECT args->>'subject_id', count(*) FROM procrastinate_jobs "
            "WHERE args->>'event' = 'case_reported' GROUP BY 1"
        ).fetchall()
    assert senders.acknowledged.items() <= kept.items()
    assert len(cases) == len(kept)
    # What the worker has not come to yet waits once, for a case that is there.
    assert {key for key, _count in told} <= {key for (key,) in cases}
    assert all(count == 1 for _key, count in told)
    verified = office.command("verify-audit", "--json")
    assert verified.returncode == 0, verified.stdout
