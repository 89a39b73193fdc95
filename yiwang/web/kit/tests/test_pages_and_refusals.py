"""Who is let in, and how a refusal reaches the reader."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import errors as refusals
from yiwang.kernel.organisation.models import Posting, Unit
from yiwang.kernel.organisation.rules import Permission, Role
from yiwang.kernel.territory.models import Division
from yiwang.web.kit import errors, failing, navigation
from yiwang.web.kit.access import Needs, page
from yiwang.web.kit.pace import TooOften

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
JSON = {"HTTP_ACCEPT": "application/json"}


@page(Permission.CASE_DISPATCH)
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the desk")


@page((Permission.CASE_VOID, Needs.SIGNED_IN), methods=("GET",))
def either(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@pytest.fixture
def town() -> Division:
    return Division.objects.create(
        level="subdistrict", name="南城街道", path="/1/", is_town=True, valid_from="2026-01-01"
    )


@pytest.fixture
def li_jing(town: Division) -> User:
    """A desk operator."""
    user = User.objects.create(username="lijing", display_name="李静", password="!")
    unit = Unit.objects.create(
        name="街道办", code="JDB", kind="subdistrict", level="subdistrict", division=town
    )
    Posting.objects.create(
        user=user, unit=unit, role=Role.DESK_OPERATOR, area=town, starts_on="2026-01-01"
    )
    return user


def asking(user: User | None, path: str = "/desk", method: str = "GET", **meta: str) -> HttpRequest:
    request = RequestFactory().generic(method, path, **meta)
    request.user = user or AnonymousUser()
    request.resolver_match = None
    return request


def test_the_need_stands_on_the_view() -> None:
    assert desk.needs == (Permission.CASE_DISPATCH,)
    assert either.needs == (Permission.CASE_VOID, Needs.SIGNED_IN)


def test_li_jing_opens_her_desk(li_jing: User) -> None:
    assert desk(asking(li_jing)).content == b"the desk"


def test_someone_without_a_posting_is_refused_but_not_from_everything() -> None:
    nobody = User.objects.create(username="nobody", display_name="无岗", password="!")
    with pytest.raises(refusals.Forbidden):
        desk(asking(nobody))
    assert either(asking(nobody)).content == b"in"


def test_a_closed_account_is_out_at_once(li_jing: User) -> None:
    li_jing.is_active = False
    assert desk(asking(li_jing)).status_code == 302


def test_a_stranger_is_shown_to_the_sign_in_and_back() -> None:
    assert desk(asking(None, "/desk?q=1"))["Location"] == "/sign-in?next=%2Fdesk%3Fq%3D1"
    assert desk(asking(None, **HTMX))["HX-Redirect"] == "/sign-in"
    assert desk(asking(None, **JSON)).status_code == 401


def test_an_undeclared_method_is_refused(li_jing: User) -> None:
    assert either(asking(li_jing, method="POST")).status_code == 405


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (refusals.Invalid("号码不对", field="phone"), 422),
        (refusals.Forbidden("不可以"), 403),
        (refusals.Missing("没有"), 404),
        (refusals.Conflict("冲突"), 409),
        (refusals.Stale("变了", current={"stage": "handle"}), 409),
        (TooOften(30), 429),
    ],
)
def test_each_refusal_has_its_status_in_every_form(refused: refusals.Refused, status: int) -> None:
    whole = errors.answer(asking(None), refused)
    part = errors.answer(asking(None, **HTMX), refused)
    data = errors.answer(asking(None, **JSON), refused)
    assert whole.status_code == part.status_code == data.status_code == status
    assert str(refused.sentence) in whole.content.decode()
    assert part["HX-Retarget"] == "#flash"
    assert str(refused.sentence) in part.content.decode()
    assert "<html" not in part.content.decode()
    assert json.loads(data.content)["message"] == str(refused.sentence)


def test_a_stale_action_brings_the_current_state_and_a_wrong_field_its_name() -> None:
    stale = errors.as_json(refusals.Stale("变了", current={"stage": "handle"}))
    assert json.loads(stale.content)["current"] == {"stage": "handle"}
    invalid = errors.as_json(refusals.Invalid("号码不对", field="phone"))
    assert json.loads(invalid.content)["field"] == "phone"


def test_a_hurried_address_is_told_how_long_to_wait() -> None:
    assert errors.answer(asking(None), TooOften(30))["Retry-After"] == "30"


def test_what_django_refuses_looks_the_same() -> None:
    assert errors.not_found(asking(None), Http404()).status_code == 404
    assert errors.permission_denied(asking(None), PermissionDenied("此处不可")).status_code == 403
    assert "放置太久" in errors.csrf_failure(asking(None), "token").content.decode()
    assert json.loads(errors.not_found(asking(None, **JSON)).content)["code"] == "no_page"


def test_a_failure_is_told_without_the_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # the fixture's own type is unnamed
        answer = failing.server_error(asking(None))
    assert answer.status_code == 500
    assert "不是您的错" in answer.content.decode()


def test_each_person_sees_the_doors_that_open_and_lands_on_their_own(
    li_jing: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "_doors", {})
    doors = [
        navigation.Door("通知", "signin:notices", (Needs.SIGNED_IN,), "bell", 1),
        navigation.Door(
            "派遣",
            "signin:home",
            (Permission.CASE_DISPATCH,),
            "inbox",
            5,
            frozenset({Role.DESK_OPERATOR}),
        ),
        navigation.Door("作废", "signin:look", (Permission.CASE_VOID,), "x", 2),
        navigation.Door("反映", "signin:sign-in", (Needs.PUBLIC,), "map-pin", 3),
    ]
    for door in doors:
        navigation.register(door)
    at = timezone.now()
    assert [door.name for door in navigation.doors_for(li_jing, at)] == ["通知", "派遣"]
    assert [door.name for door in navigation.doors_for(None, at)] == ["反映"]
    assert navigation.home_of(li_jing, at) == "/"
    assert navigation.home_of(None, at) == "/sign-in"
