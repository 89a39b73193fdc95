"""What every page keeps to: no inline script or style, a strict policy on every answer, no request from elsewhere."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import psycopg
import pytest
from django.conf import settings as live
from django.contrib.sessions.backends.db import SessionStore
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from tests.database import OwnDatabase
from tests.house.doors import Door, doors
from tests.house.source import ROOT
from tests.house.test_doors import SAMPLES, kind_of, outer_converters
from tests.town.small import PEOPLE as FOUNDERS
from tests.town.small import Town

PEOPLE = ("", "zhang_min", "chen_jing", "wang_fang", "li_na", "zhou_wei", "sun_li", "wu_gang")
# A refusal looks alike for all who have signed in: it is looked at with 张敏's eyes.
REFUSED_LIKE_ANYBODY = {key: role for key, _, role, _, _ in FOUNDERS if key != "zhang_min"}
# The door for programs: it answers without looking at any session, so nobody's can be misused.
WITHOUT_SESSION = {
    "api:take_report",
    "api:upload_file",
    "api:upload_photo",
    "api:rate_report",
    "api:follow_report",
}
# On every answer, whatever it is and whoever asks.
POLICY = (
    "default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
)  # fmt: skip
SAID = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
DATA = {"application/json", "application/ld+json"}


class Inline(HTMLParser):
    """Collects what a strict content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not given.get("src") and given.get("type") not in DATA:
            self.found.append("<script> with content")
        if tag == "style":
            self.found.append("<style>")
        if tag == "base":
            self.found.append("<base>")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}={value!r}")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name} runs a script")


def inline_in(page: str) -> list[str]:
    parser = Inline()
    parser.feed(page)
    return parser.found


def test_the_parser_sees_what_it_must() -> None:
    assert len(inline_in("<p style='x' onclick='y'><style></style><script>1</script>")) == 4
    assert (
        inline_in("<script src='/a.js'></script><script type='application/json'>{}</script>") == []
    )


@pytest.fixture
def things(town: Town) -> dict[str, Any]:
    """Values of the parts of addresses that lead to something there is."""
    closed = town.closed(name="孙丽华", phone="13800000000")
    report = closed.reports.get()
    return {
        "case_id": closed.pk,
        "number": closed.number,
        "report_id": report.pk,
        "code": report.follow_code,
        "user_id": town.li_na.pk,
        "unit_id": town.unit("市政服务中心").pk,
        "division_id": town.grid("中山-01").pk,
        "area_id": town.grid("南城街道").pk,
        "category_id": town.category("污水井盖"),
        "posting_id": town.li_na.postings.get().pk,
        "day": "2026-12-01",
        "move": "void",
    }


def address(door: Door, things: dict[str, Any]) -> str:
    converters = door.pattern.pattern.converters
    wanted = {
        name: things.get(name, SAMPLES.get(kind_of(converter), "nothing"))
        for name, converter in converters.items()
    }
    for outer in outer_converters(door):
        wanted.setdefault(outer, things.get(outer, "nothing"))
    return reverse(door.name, kwargs=wanted)


@pytest.mark.slow  # every page of everybody; the browser of every journey refuses what is inline as well
def test_no_page_of_anybody_has_inline_script_or_style(
    client: Client, town: Town, things: dict[str, Any]
) -> None:
    seen, wrong = set[str](), {}
    for name in PEOPLE:
        client.logout()
        if name:
            client.force_login(getattr(town, name))
        for door in doors():
            if name in REFUSED_LIKE_ANYBODY and not door.lets_in(REFUSED_LIKE_ANYBODY[name]):
                continue
            answer = client.get(address(door, things))
            wrong.update(_breaches(door, answer))
            if name and answer.status_code == 200 and _lacks_the_way_out(door, answer):
                wrong[door.name] = "no way to sign out"
            if answer.status_code == 200 and _is_page(answer):
                seen.add(door.name)
    assert wrong == {}
    assert len(seen) > 30, f"too few pages were opened for this to show anything: {sorted(seen)}"


def _is_page(answer: Any) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


def _lacks_the_way_out(door: Door, answer: Any) -> bool:
    """Every whole page for staff shows how to sign out."""
    page = "" if not _is_page(answer) or answer.streaming else answer.content.decode()
    return "<html" in page and "public" not in door.needs and "/sign-out" not in page


def _breaches(door: Door, answer: Any) -> dict[str, Any]:
    policy = answer.headers.get("Content-Security-Policy", "")
    strict = "unsafe" not in policy and all(part in policy for part in POLICY)
    if not strict or any(answer.headers.get(name) != said for name, said in SAID.items()):
        return {door.name: f"headers of {answer.status_code}: {answer.headers}"}
    if _is_page(answer) and "charset=utf-8" not in answer.headers["Content-Type"]:
        return {door.name: answer.headers["Content-Type"]}
    if _is_page(answer) and not answer.streaming and (found := inline_in(answer.content.decode())):
        return {door.name: found}
    return {}


def test_every_door_asks_where_a_request_comes_from(
    town: Town, things: dict[str, Any], settings: Any
) -> None:
    """CSRF: whoever is signed in, a form of another site changes nothing, at any address."""
    settings.CSRF_FAILURE_VIEW = "tests.house.test_walls.from_elsewhere"
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.wu_gang)
    let_in = {
        (door.name, method)
        for door in doors()
        for method in ("post", "put", "patch", "delete")
        if getattr(client, method)(address(door, things)).status_code != 418
    }
    assert {name for name, _method in let_in} == WITHOUT_SESSION


def from_elsewhere(_request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(reason, status=418)


def test_what_needs_no_token_looks_at_no_session(
    town: Town, things: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=True)
    client.force_login(town.wu_gang)

    def refuse(_store: SessionStore) -> None:
        raise AssertionError("a session was read where no token is asked for")

    monkeypatch.setattr(SessionStore, "load", refuse)
    for door in doors():
        if door.name in WITHOUT_SESSION:
            place = address(door, things)
            assert client.get(place).status_code < 500
            assert client.post(place, "{}", content_type="application/json").status_code < 500


def test_trace_is_not_answered(client: Client, town: Town) -> None:
    assert client.trace("/").status_code in {403, 405}


IN_PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory
def signs_in(request):
    request.session["somebody"] = 1
    return HttpResponse()
client = Client()
told = {"HTTP_HOST": "yiwang.example.cn", "HTTP_X_FORWARDED_PROTO": "https"}
page = client.get("/sign-in", REMOTE_ADDR="127.0.0.1", **told)
forged = client.get("/sign-in", REMOTE_ADDR="203.0.113.9", **told)
session = SessionMiddleware(signs_in)(RequestFactory().get("/"))
from django.contrib.messages import info
from django.contrib.messages.middleware import MessageMiddleware
from yiwang.web.kit.frame import Frame
from yiwang.web.kit.pace import device_of, mark_device
def told_something(request):
    info(request, "done")
    answer = HttpResponse()
    mark_device(request, answer)
    return answer
asked = RequestFactory().get("/")
asked.session = {}
other = MessageMiddleware(told_something)(asked)
client.post("/language", {"language": "en"}, REMOTE_ADDR="127.0.0.1", **told)
client.post("/look", {"look": "dark"}, REMOTE_ADDR="127.0.0.1", **told)
english = client.get("/sign-in", REMOTE_ADDR="127.0.0.1", **told)
back = RequestFactory().get("/")
back.COOKIES = {name: morsel.value for name, morsel in [*client.cookies.items(), *other.cookies.items()]}
print(json.dumps({
    "status": page.status_code, "hsts": page.headers.get("Strict-Transport-Security"),
    "forged": [forged.status_code, forged.headers.get("Location")],
    "host": client.get("/sign-in", REMOTE_ADDR="127.0.0.1", HTTP_HOST="evil.example").status_code,
    "read": ['lang="en"' in english.content.decode(), Frame(back).look, bool(device_of(back))],
    "cookies": {name: {key: morsel[key] for key in ("secure", "httponly", "samesite", "path", "domain")}
                for name, morsel in [*client.cookies.items(), *session.cookies.items(), *other.cookies.items()]},
}))
"""


@pytest.mark.slow
def test_behind_tls_every_cookie_is_closed(own_database: OwnDatabase) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_PRODUCTION],
        env={
            **os.environ,
            **own_database.environment,
            "DJANGO_SETTINGS_MODULE": "yiwang.config.settings",
            "YIWANG_HTTPS": "yes",
            "YIWANG_PROXIES": "127.0.0.1",
            "YIWANG_HOSTS": "yiwang.example.cn",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["status"] == 200
    assert said["hsts"] == "max-age=31536000; includeSubDomains"
    assert said["forged"] == [301, "https://yiwang.example.cn/sign-in"]
    assert said["host"] == 400
    assert said["cookies"].keys() == {
        f"__Host-{name}"
        for name in ("yw_session", "yw_csrf", "yw_language", "yw_look", "yw_device", "messages")
    }
    assert said["read"] == [True, "dark", True]
    for name, cookie in said["cookies"].items():
        assert (cookie["secure"], cookie["httponly"]) == (True, True), name
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", ""), name


def test_https_without_a_known_proxy_is_refused_at_the_start() -> None:
    from yiwang.config import environment

    with pytest.raises(environment.WrongSetting, match="YIWANG_PROXIES"):
        environment.read({"YIWANG_HTTPS": "yes"})


def test_a_restarted_server_costs_nobody_an_error(own_database: OwnDatabase) -> None:
    """A connection that the server closed while it lay in the pool is not lent again."""
    known = live.DATABASES["default"]
    assert known["CONN_HEALTH_CHECKS"] is True
    wrapper = DatabaseWrapper(
        {**known, "OPTIONS": {"pool": {"min_size": 1, "max_size": 2}}}, "default"
    )
    try:
        assert _pid(wrapper)
        wrapper.close()  # back into the pool
        with psycopg.connect(own_database.owner_url, autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND usename = 'yiwang_app'"
            )
        assert _pid(wrapper)
    finally:
        wrapper.close()
        wrapper.close_pool()


def _pid(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        row = cursor.fetchone()
    return int(row[0])
