"""Twenty thousand signs, 𠮷, families of emoji, right-to-left, NUL: at every door kept as it was typed, or refused by name.

Control signs that nobody types (NUL among them) are dropped where words are taken in, or refused where a form is checked;
every other sign stays. `test_any_text_anywhere` sends the same to every form there is.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.faults.conftest import Knock
from tests.faults.texts import TEXTS, TURNING, kept
from tests.town.small import MORNING, Town
from yiwang.kernel.cases.models import Case, Draft, Report, Reporter, SavedFilter, Task
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.viewer import speaking_as

pytestmark = pytest.mark.slow  # every door times every text

Browser = Callable[[str], Client]
Door = Callable[[Town, Browser, str], tuple[Any, str | None]]
PLACE = {"lon": "115.465", "lat": "35.235"}


def api_text(town: Town, _: Browser, text: str) -> tuple[Any, str | None]:
    body = {"id": str(uuid.uuid4()), "text": text, **PLACE}
    answer = Client().post("/api/v1/reports", json.dumps(body), "application/json")
    return answer, _only(Report, "text", answer)


def api_address_and_name(town: Town, _: Browser, text: str) -> tuple[Any, str | None]:
    body = {"id": str(uuid.uuid4()), "text": "井盖坏了", "address": text, "name": text, **PLACE}
    answer = Client().post("/api/v1/reports", json.dumps(body), "application/json")
    if answer.status_code >= 400:
        return answer, None
    with speaking_as(SYSTEM):
        name = Reporter.objects.get().name
    address = Report.objects.get().case.address
    assert address == TURNING.sub("", name).replace("\n", " ")
    return answer, name


def a_resident(town: Town, _: Browser, text: str) -> tuple[Any, str | None]:
    given = {"id": str(uuid.uuid4()), "text": text, "seen": "1", **PLACE}
    answer = Client().post("/report", given)
    return answer, _only(Report, "text", answer)


def the_desk(town: Town, browser: Browser, text: str) -> tuple[Any, str | None]:
    given = {"id": str(uuid.uuid4()), "text": text, "channel": "phone", "kind": "help"}
    answer = browser("wang_fang").post("/desk/new/", given)
    return answer, _only(Report, "text", answer)


def a_grid_worker(town: Town, browser: Browser, text: str) -> tuple[Any, str | None]:
    answer = browser("zhang_min").post(
        "/field/report/", {"id": str(uuid.uuid4()), "text": text, **PLACE}
    )
    return answer, _only(Report, "text", answer)


def a_parked_draft(town: Town, browser: Browser, text: str) -> tuple[Any, str | None]:
    key = uuid.uuid4()
    answer = browser("wang_fang").post(f"/desk/drafts/{key}/", {"text": text, "channel": "phone"})
    if answer.status_code >= 400:
        return answer, None
    with speaking_as(town.wang_fang):
        return answer, kept(json.loads(Draft.objects.get(pk=key).body)["text"])


def a_note_of_work(town: Town, browser: Browser, text: str) -> tuple[Any, str | None]:
    case = Case.objects.get()
    answer = browser("li_na").post(
        f"/cases/{case.pk}/moves/report_back/", {"version": case.version, "note": text}
    )
    return answer, _only(Task, "result", answer)


def an_answer(town: Town, browser: Browser, text: str) -> tuple[Any, str | None]:
    report = Case.objects.get().reports.get()
    answer = browser("wang_fang").post(f"/cases/reports/{report.pk}/answer/", {"answer": text})
    return answer, _only(Report, "answer", answer)


def a_call(town: Town, browser: Browser, text: str) -> tuple[Any, str | None]:
    report = Case.objects.get().reports.get()
    answer = browser("wang_fang").post(
        f"/cases/reports/{report.pk}/call/", {"rating": "dissatisfied", "reason": text}
    )
    return answer, _only(Report, "rating_reason", answer)


def a_rating(town: Town, _: Browser, text: str) -> tuple[Any, str | None]:
    code = Report.objects.get().follow_code
    answer = Client().post(f"/f/{code}/rate", {"rating": "dissatisfied", "reason": text})
    return answer, _only(Report, "rating_reason", answer)


def a_rating_by_a_program(town: Town, _: Browser, text: str) -> tuple[Any, str | None]:
    code = Report.objects.get().follow_code
    body = json.dumps({"rating": "satisfied", "reason": text})
    answer = Client().post(f"/api/v1/reports/{code}/rating", body, "application/json")
    return answer, _only(Report, "rating_reason", answer)


def a_question(town: Town, _: Browser, text: str) -> tuple[Any, str | None]:
    from yiwang.kernel.foundation import audit

    report = Report.objects.get()
    answer = Client().post(f"/f/{report.follow_code}/ask", {"question": text})
    if answer.status_code >= 400:
        return answer, None
    row = audit.timeline("case", str(report.case_id))[-1]
    return answer, next(iter(row.texts.values()))


def a_kept_filter(town: Town, browser: Browser, text: str) -> tuple[Any, str | None]:
    answer = browser("wang_fang").post("/desk/own/", {"name": text, "query": "queue=open"})
    stored = _only(SavedFilter, "name", answer)
    assert stored is None or stored == kept(text).replace("\n", " ")
    return answer, None if stored is None else kept(text)


DOORS: list[Door] = [
    api_text, api_address_and_name, a_resident, the_desk, a_grid_worker, a_parked_draft,
    a_note_of_work, an_answer, a_call, a_rating, a_rating_by_a_program, a_question, a_kept_filter,
]  # fmt: skip
BEGINS: dict[Door, str] = {
    a_note_of_work: "handling", an_answer: "closed", a_call: "closed", a_rating: "closed",
    a_rating_by_a_program: "closed", a_question: "accepted",
}  # fmt: skip
TAKES_ALL = {"api_text", "a_resident", "the_desk", "a_grid_worker", "a_parked_draft", "an_answer"}


def _only(model: Any, field: str, answer: Any) -> str | None:
    if answer.status_code >= 400:
        return None
    return str(model.objects.values_list(field, flat=True).get())


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def browser(town: Town, as_: Knock, clock: Any) -> Browser:
    clock(MORNING + timedelta(hours=3))
    return lambda who: as_(getattr(town, who))


@pytest.mark.parametrize("door", DOORS, ids=[door.__name__ for door in DOORS])
def test_what_is_typed_is_kept_or_refused_by_name(town: Town, browser: Browser, door: Door) -> None:
    refused = set()
    if door in BEGINS:
        getattr(town, BEGINS[door])()
    for name, text in TEXTS.items():
        with undone():
            answer, stored = door(town, browser, text)
            if stored is None:
                assert answer.status_code in (400, 422), (name, answer.status_code)
                assert _is_named(answer), (name, answer.content.decode()[-2000:])
                refused.add(name)
            else:
                assert stored == kept(text), name
    if door.__name__ in TAKES_ALL:
        assert refused <= {"nul"}
    else:
        may = {"nul", "controls", *(name for name, text in TEXTS.items() if len(text) > 20)}
        assert refused <= may  # too long for a name


def _is_named(answer: Any) -> bool:
    """A sentence beside a field, in the note of the page, or with the field's name in the data."""
    if answer["Content-Type"].startswith("application/json"):
        said = json.loads(answer.content)
        return bool(said.get("message") or said.get("said"))
    page = answer.content.decode()
    return any(f'class="{kind}"' in page for kind in ("wrong", "note error", "note warning"))


@pytest.mark.parametrize("half", ['"\\ud83d"', '"a\\udc00b"'])
def test_half_a_character_in_json_is_not_valid_json(town: Town, half: str) -> None:
    body = f'{{"id": "{uuid.uuid4()}", "text": {half}}}'
    answer = Client().post("/api/v1/reports", body, "application/json")
    assert answer.status_code == 400
    assert json.loads(answer.content)["message"]


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_kept_is_shown_as_words_and_never_as_a_page(
    town: Town, browser: Browser, name: str
) -> None:
    case = town.accepted(text=TEXTS[name], address=TEXTS[name][:200])
    wang_fang = browser("wang_fang")
    for address in (f"/cases/{case.number}/", "/desk/?queue=accepted"):
        page = wang_fang.get(address)
        assert page.status_code == 200
        shown = page.content.decode()
        assert "<script>alert" not in shown
        assert "\x00" not in shown
        assert "{{ 7" not in TEXTS[name] or "&lt;script&gt;" in shown


@pytest.mark.parametrize("text", [*TEXTS.values(), "' | '", "𠮷 & !井"])
def test_anything_may_be_searched_for(town: Town, browser: Browser, text: str) -> None:
    assert browser("wang_fang").get("/search/", {"q": text}).status_code == 200
    assert browser("wang_fang").get("/desk/", {"q": text, "queue": "all"}).status_code == 200


@pytest.mark.parametrize("text", [text for text in TEXTS.values() if len(text) < 1000])
def test_no_code_and_no_account_is_a_page_of_ours(town: Town, text: str) -> None:
    client = Client(raise_request_exception=False)
    assert client.post("/f", {"code": text}).status_code in (404, 422, 429)
    assert client.post("/sign-in", {"username": text, "password": text}).status_code in (
        200,
        422,
        429,
    )


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "long"])
def test_a_file_may_be_called_anything(town: Town, name: str) -> None:
    called = f"{TEXTS[name]}.txt"
    file = SimpleUploadedFile("x.txt", "门口的照片说明".encode())
    file.name = called  # what the machine of a sender says, before any browser tidies it
    answer = Client().post("/api/v1/files", {"file": file, "kind": "document"})
    assert answer.status_code == 201, answer.content
    stored = StoredFile.objects.get().name
    assert stored.endswith(".txt")
    assert stored.isprintable()
    assert not {"/", "\\", "\x00", "\u202e"} & set(stored)
