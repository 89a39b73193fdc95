"""Reports keep coming while parts of the office are killed: what was acknowledged is there, once."""

import os
import signal

import pytest

from tests.house.start.office import Office
from tests.house.start.traffic import Senders, assert_all_is_there

pytestmark = pytest.mark.slow


def test_no_acknowledged_report_is_lost_or_taken_twice(office: Office) -> None:
    office.settings["YIWANG_INTAKE_PER_MINUTE"] = "0"
    office.start()
    office.await_served()
    senders = Senders(office.port)
    senders.begin()
    for part in (" serve", "postgres", " worker", "postgres", " serve"):
        senders.await_more()
        os.kill(office.pid_of(part), signal.SIGKILL)
    senders.await_more()
    senders.finish()
    assert office.end() == 0

    assert len(senders.acknowledged) >= 240
    assert_all_is_there(office, senders)
