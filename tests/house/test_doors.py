"""Every URL says who may use it, and means it."""

import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from tests.house.doors import COLUMNS, RESIDENT, SNAPSHOTS, doors, matrices
from yiwang.kernel.organisation.rules import TABLE, Permission, Role

NOW = timezone.now()
SAMPLES = {
    "int": 999999999,
    "slug": "nothing",
    "str": "nothing",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "nothing",
}


def test_every_url_declares_its_permission():
    assert [door.route for door in doors() if not door.needs] == []


def test_every_need_is_a_known_one():
    known = {"public", "signed_in", *Permission}
    assert {need for door in doors() for need in door.needs} <= known


def test_every_permission_is_given_to_somebody():
    assert set().union(*TABLE.values()) == set(Permission)


def test_who_may_open_what_is_as_reviewed():
    reviewed = {path.stem: path.read_text(encoding="utf-8") for path in SNAPSHOTS.glob("*.txt")}
    assert matrices() == reviewed, "look at the change, then run `python -m tests.house.doors`"


@pytest.fixture
def person_with(db):
    """A signed-in person with one role over a whole street, by column of the matrix."""
    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.organisation.models import Posting, Unit
    from yiwang.kernel.territory.models import Division

    def division(level: str, above: Division | None = None) -> Division:
        made = Division.objects.create(
            level=level,
            kind="general" if level == "grid" else "",
            name=level,
            parent=above,
            path="/0/",
            valid_from="2026-01-01",
        )
        made.path = f"{above.path if above else '/'}{made.pk}/"
        made.save()
        return made

    street = division("subdistrict")
    grid = division("grid", division("community", street))
    unit = Unit.objects.create(
        name="街道办", code="JDB", kind="subdistrict", level="subdistrict", division=street
    )

    def make(role: Role | None) -> User | None:
        if role is None:
            return None
        user = User.objects.create(username=f"test-{role}", display_name=role, password="!")
        area = grid if role is Role.GRID_WORKER else street
        Posting.objects.create(user=user, unit=unit, role=role, area=area, starts_on="2026-01-01")
        return user

    return make


@pytest.mark.parametrize("column", COLUMNS)
def test_who_is_not_let_in_stays_outside(column, client, person_with):
    role = COLUMNS[column]
    user = person_with(role)
    if user is not None:
        client.force_login(user)
    opened = {}
    for door in doors():
        if door.lets_in(role) or not door.needs:
            continue
        status = client.get(address(door)).status_code
        if status not in ({302, 401, 403, 405} if column == RESIDENT else {403, 405}):
            opened[door.route] = status
    assert opened == {}


@pytest.mark.slow  # every page of everybody
@pytest.mark.parametrize("column", COLUMNS)
def test_a_page_asked_for_nothing_that_exists_breaks_nothing(column, client, person_with):
    role = COLUMNS[column]
    user = person_with(role)
    if user is not None:
        client.force_login(user)
    client.raise_request_exception = False
    broken = {
        door.route: answer.status_code
        for door in doors()
        if door.lets_in(role) and (answer := client.get(address(door))).status_code >= 500
    }
    assert broken == {}


def test_no_url_hides_another():
    hidden = {
        door.name: found.view_name
        for door in doors()
        if (found := resolve(address(door))).func is not door.view
    }
    assert hidden == {}


def address(door) -> str:
    """Return a URL of the pattern, with values that name nothing."""
    converters = door.pattern.pattern.converters
    wanted = {
        name: SAMPLES.get(kind_of(converter), "nothing") for name, converter in converters.items()
    }
    for outer in outer_converters(door):
        wanted.setdefault(outer, "nothing")
    return reverse(door.name, kwargs=wanted)


def kind_of(converter) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


def outer_converters(door) -> list[str]:
    """Names of values that an including pattern asks for."""
    import re

    return re.findall(r"<(?:\w+:)?(\w+)>", door.route)
