"""Every form of every page, filled with what programs stumble over: an answer of ours, never an error."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.faults.conftest import Knock
from tests.faults.forms import Form, forms_of
from tests.faults.texts import SHORT, TEXTS
from tests.town.small import Town

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PAGES: dict[str, tuple[str, ...]] = {
    "": ("/report", "/f", "/f/{code}", "/sign-in", "/forgotten"),
    "wang_fang": (
        "/desk/", "/desk/new/", "/desk/own/", "/desk/calls/", "/search/", "/exports/", "/me/", "/me/leave",
        "/cases/{reported}/", "/cases/{accepted}/", "/cases/{closed}/", "/notices", "/notices/preferences",
    ),
    "li_na": ("/unit/", "/cases/{handling}/", "/cases/{dispatched}/"),
    "chen_jing": ("/desk/?queue=check", "/cases/{reported_back}/"),
    "zhang_min": ("/field/", "/field/report/", "/field/solve/", "/field/checks/", "/field/mine/"),
    "zhou_wei": ("/cockpit/", "/cockpit/late/", "/cockpit/watched/", "/cockpit/figures/"),
    "sun_li": ("/inspect/", "/inspect/record/", "/cases/{reported}/"),
    "wu_gang": (
        "/office/", "/office/territory/", "/office/territory/new/", "/office/territory/{grid}/",
        "/office/territory/import/", "/office/units/", "/office/units/new/", "/office/units/{unit}/",
        "/office/people/", "/office/people/new/", "/office/people/import/", "/office/people/{person}/",
        "/office/catalogue/", "/office/catalogue/new/", "/office/catalogue/excel/",
        "/office/catalogue/{category}/", "/office/routing/", "/office/limits/", "/office/notices/",
        "/office/notices/rules/", "/office/notices/words/", "/office/notices/channels/",
        "/office/notices/endpoints/new/", "/office/calendar/", "/office/calendar/2026-11-03/",
    ),
}  # fmt: skip
AT_ONCE = " ".join(text for name, text in SHORT.items() if name != "nul")
CODED = "application/x-www-form-urlencoded"
TYPED = {"all at once": AT_ONCE, "nul": TEXTS["nul"], "long": TEXTS["long"] * 3, "cut": "\ud83d"}


@pytest.mark.parametrize("who", PAGES, ids=[who or "resident" for who in PAGES])
def test_any_form_takes_any_text(town: Town, as_: Knock, who: str) -> None:
    browser, numbers = as_(getattr(town, who) if who else None), _numbers(town)
    wrong = [
        fault for address in PAGES[who] for fault in _faults(browser, address.format(**numbers))
    ]
    assert not wrong, "\n".join(wrong)


def _numbers(town: Town) -> dict[str, Any]:
    closed = town.closed()
    return {
        "reported": town.report().case_number, "accepted": town.accepted().number,
        "dispatched": town.dispatched().number, "handling": town.handling().number,
        "reported_back": town.reported_back().number, "closed": closed.number,
        "code": closed.reports.get().follow_code, "grid": town.grid("中山-01").pk,
        "unit": town.unit("市政服务中心").pk, "person": town.li_na.pk,
        "category": town.category("污水井盖"),
    }  # fmt: skip


def _faults(browser: Client, address: str) -> Iterator[str]:
    page = browser.get(address)
    if page.status_code != 200:
        yield f"{address} answers {page.status_code}"
        return
    for form in forms_of(address, page.content.decode()):
        for name, text in TYPED.items():
            status = _sent(browser, form, text)
            if status >= 500:
                yield f"{address} → {form.action} with {name}: {status} {sorted(form.typed)}"


def _sent(browser: Client, form: Form, text: str) -> int:
    """Send the form and undo what it did."""
    filled: dict[str, Any] = form.filled(text)
    with transaction.atomic():
        if form.method != "post":
            status = browser.get(f"{form.action.split('?')[0]}?{_coded(filled)}").status_code
        elif form.files:
            name = text[:300].encode("utf-8", "replace").decode()
            files = {box: SimpleUploadedFile(name, b"\x00?") for box in form.files}
            clean = {box: _without_halves(value) for box, value in filled.items()}
            status = browser.post(form.action, clean | files).status_code
        else:
            status = browser.post(form.action, _coded(filled), CODED).status_code
        transaction.set_rollback(True)
    return status


def _coded(filled: dict[str, Any]) -> str:
    """As a browser codes a form; half a character as a broken program would."""
    return urlencode(filled, doseq=True, errors="surrogatepass")


def _without_halves(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
