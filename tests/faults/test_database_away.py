"""The database goes away, or its disk is full, in the middle of a request: a clear answer at every door, nothing half."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from tests.faults.conftest import Knock
from tests.town.small import Town
from yiwang.kernel.cases.models import Case, Report

AWAY = psycopg.errors.AdminShutdown("terminating connection due to administrator command")
REFUSED = psycopg.OperationalError("connection refused at 10.1.2.3, user yiwang_app")
FULL = psycopg.errors.DiskFull('could not extend file "base/16384/2619": No space left on device')
MATTER = {"text": "路口的井盖坏了", "lon": "115.465", "lat": "35.235", "seen": "1"}


@contextmanager
def failing(why: psycopg.Error, when: str = "") -> Iterator[None]:
    """Let statements in which `when` stands fail like this, as the driver and Django tell it."""

    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) or when not in sql:
            return execute(sql, *rest)
        raise OperationalError(str(why)) from why

    with transaction.atomic():
        with connection.execute_wrapper(fail):
            yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("why", [AWAY, REFUSED], ids=["ended", "refused"])
def test_a_program_is_told_to_come_again(town: Town, as_: Knock, why: psycopg.Error) -> None:
    report = {"id": "6a0b7c74-3f0e-4b39-9f6e-0e5ff4ce9a51", "text": "井盖坏了"}
    with failing(why):
        answer = as_(None).post("/api/v1/reports", json.dumps(report), "application/json")
    said = json.loads(answer.content)
    assert (answer.status_code, said["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0
    assert "稍后再提交" in said["message"]
    assert "yiwang_app" not in answer.content.decode()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_resident_reads_that_it_is_not_saved_and_will_pass(
    town: Town, as_: Knock, language: str
) -> None:
    with failing(AWAY, "INSERT"):
        answer = as_(None).post("/report", MATTER, headers={"Accept-Language": language})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert ("没有保存" if language == "zh-CN" else "was not saved") in page
    assert "administrator command" not in page


def test_the_desk_keeps_what_is_typed_on_the_page(town: Town, as_: Knock) -> None:
    """A fragment goes to the live region; the form on the page is not replaced."""
    case = town.case(town.report())
    wang_fang = as_(town.wang_fang)
    typed = {"version": case.version, "filing": f"{case.category_id}:{case.condition_id}"}
    with failing(REFUSED, "UPDATE"):
        answer = wang_fang.post(
            f"/cases/{case.pk}/moves/accept/", typed, headers={"HX-Request": "true"}
        )
    assert answer.status_code == 503
    assert answer["HX-Retarget"] == "#flash"
    assert "<html" not in answer.content.decode()
    case.refresh_from_db()
    assert case.stage == "reported"


def test_a_desk_without_a_database_is_told_so(town: Town, as_: Knock) -> None:
    wang_fang = as_(town.wang_fang)
    with failing(AWAY):
        assert wang_fang.get("/desk/").status_code == 503


def test_a_full_disk_of_the_database_is_said_as_what_it_is(town: Town, as_: Knock) -> None:
    before = (Case.objects.count(), Report.objects.count())
    with failing(FULL, "INSERT"):
        page = as_(None).post("/report", MATTER)
    report = {"id": "6a0b7c74-3f0e-4b39-9f6e-0e5ff4ce9a52", "text": "井盖坏了"}
    with failing(FULL, "INSERT"):
        data = as_(None).post("/api/v1/reports", json.dumps(report), "application/json")
    assert page.status_code == data.status_code == 507
    assert "存储空间不足" in page.content.decode()
    assert json.loads(data.content)["code"] == "no_space"
    assert "base/16384" not in page.content.decode() + data.content.decode()
    assert (Case.objects.count(), Report.objects.count()) == before


def test_a_full_disk_still_lets_everybody_read(town: Town, as_: Knock) -> None:
    case = town.case(town.report())
    wang_fang = as_(town.wang_fang)
    wang_fang.get("/desk/")
    with failing(FULL, "INSERT"):
        assert wang_fang.get("/desk/").status_code == 200
        assert wang_fang.get(f"/cases/{case.number}/").status_code == 200


def test_an_error_of_ours_stays_an_error(town: Town, as_: Knock, monkeypatch: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("yiwang.web.api.reports.cases.take_report", broken)
    report = {"id": "6a0b7c74-3f0e-4b39-9f6e-0e5ff4ce9a53", "text": "井盖坏了"}
    answer = as_(None).post("/api/v1/reports", json.dumps(report), "application/json")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (500, "error")
    assert "secret" not in answer.content.decode()
