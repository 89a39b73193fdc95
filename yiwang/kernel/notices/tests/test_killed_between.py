"""A worker that is really killed between handing a message over and writing it down."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from yiwang.kernel import notices
from yiwang.kernel.foundation import versions
from yiwang.kernel.notices import Delivery, channels
from yiwang.kernel.notices.actions.sending import send_all_due
from yiwang.kernel.notices.models import EventRule, Sending
from yiwang.kernel.notices.tests.conftest import NOW, person
from yiwang.kernel.notices.tests.leaving import happens
from yiwang.outside import recorded

pytestmark = pytest.mark.slow  # a worker of its own, killed

# Hands over for real (to the fake that writes a book), then dies before anything is written down.
DIES = """
import os, signal
import django
django.setup()
from yiwang.kernel.notices import registry
from yiwang.kernel.notices.actions import sending, settling
registry._guards.clear()  # there is no case 42 here that could be asked
settling.settle = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
sending.send_all_due()
"""


@pytest.fixture
def li_na(own_database, settings, tmp_path):
    settings.YIWANG_HOME, settings.YIWANG_MAIL, settings.YIWANG_SMS = (
        tmp_path,
        "recorded",
        "recorded",
    )
    user = person("李娜", "li.na")
    user.email, user.phone = "li.na@example.cn", "19912345678"
    user.save()
    EventRule.objects.create(event="case_dispatched", email=True, sms=True, night="always")
    versions.forget()
    notices.register(
        "case_dispatched", lambda event: Delivery([user.pk], {"number": "0042"}, outside=True)
    )
    happens("case_dispatched", NOW)
    return user


def die(environment: dict[str, str], home) -> None:
    """Run a worker that is killed at the worst moment."""
    done = subprocess.run(
        [sys.executable, "-c", DIES],
        env={
            **os.environ, **environment, "YIWANG_HOME": str(home), "YIWANG_MAIL": "recorded",
            "YIWANG_SMS": "recorded", "DJANGO_SETTINGS_MODULE": "yiwang.config.settings",
        },
        check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL


def long_after() -> None:
    """Let the time go by after which what is in hand counts as left."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_sending SET claimed_at = claimed_at - interval '1 hour'")
        cursor.execute("UPDATE notices_sending SET next_at = next_at - interval '1 day'")


def test_no_second_text_is_sent_and_the_letter_is(li_na, own_database, tmp_path):
    for _channel in range(2):
        die(own_database.environment, tmp_path)
    folder = channels.outbox()
    assert len(recorded.read(folder, "sms")) == len(recorded.read(folder, "mail")) == 1
    assert {row.state for row in Sending.objects.all()} == {"sending"}
    for _turn in range(2):
        long_after()
        send_all_due()
    assert len(recorded.read(folder, "sms")) == 1
    assert Sending.objects.get(channel="sms").state == "unclear"
    letters = recorded.read(folder, "mail")
    assert len(letters) == 2
    assert letters[0]["id"] == letters[1]["id"]
    assert Sending.objects.get(channel="email").state == "sent"
