"""`yiwang staff …`: accounts and postings from the terminal; how an office gets its first administrator.

Whoever may run it has the machine, so it acts as the program itself; every change is in the record like any other.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

import click

from yiwang.commands import prepare
from yiwang.kernel.organisation.rules import GridDuty, Role

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.organisation.models import Unit
    from yiwang.kernel.territory.models import Division

KINDS = ("department", "community", "subdistrict", "company", "hotline")
LEVELS = ("grid", "community", "subdistrict", "county")
DATE = click.DateTime(["%Y-%m-%d"])


@contextmanager
def office() -> Iterator[datetime]:
    """Set Django up and give the moment of the change; a refusal becomes one sentence."""
    prepare()
    from django.utils import timezone

    from yiwang.kernel.foundation.errors import Refused

    try:
        yield timezone.now()
    except Refused as refused:
        raise click.ClickException(str(refused.sentence)) from refused


@click.group("staff")
def staff() -> None:
    """Accounts, units and postings: add, password, close, unit, appoint, import, list."""


@staff.command()
@click.argument("username")
@click.argument("name")
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="zh-hans")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(username: str, name: str, language: str, password_stdin: bool) -> None:
    """Open an account for NAME to sign in as USERNAME."""
    with office() as now:
        from yiwang.kernel import accounts
        from yiwang.kernel.foundation.actors import SYSTEM

        user = accounts.create_user(
            username=username,
            display_name=name,
            password=_password(password_stdin),
            language=language,
            by=SYSTEM,
            at=now,
        )
        click.echo(f"{user.username}: {user.display_name}")


@staff.command()
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def password(username: str, password_stdin: bool) -> None:
    """Give USERNAME a new password; the sessions of the account end."""
    with office() as now:
        from yiwang.kernel import accounts
        from yiwang.kernel.foundation.actors import SYSTEM

        user = _user(username)
        accounts.set_password(user, password=_password(password_stdin), by=SYSTEM, at=now)


@staff.command()
@click.argument("username")
def close(username: str) -> None:
    """Close the account of USERNAME; its postings open nothing any more."""
    with office() as now:
        from yiwang.kernel import accounts
        from yiwang.kernel.foundation.actors import SYSTEM

        accounts.deactivate(_user(username), by=SYSTEM, at=now)


@staff.command()
@click.argument("code")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--level", type=click.Choice(LEVELS), required=True)
@click.option("--area", required=True, help="Code, id or name of the division it serves.")
def unit(code: str, name: str, kind: str, level: str, area: str) -> None:
    """Set up a unit with a CODE and a NAME."""
    with office() as now:
        from yiwang.kernel import organisation
        from yiwang.kernel.foundation.actors import SYSTEM
        from yiwang.kernel.organisation.models import UnitKind, UnitLevel

        organisation.add_unit(
            name=name,
            code=code,
            kind=UnitKind(kind),
            level=UnitLevel(level),
            division=_division(area, now),
            by=SYSTEM,
            at=now,
        )


@staff.command()
@click.argument("username")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--unit", "unit_code", required=True, help="Code of the unit.")
@click.option("--area", required=True, help="Code, id or name of the division.")
@click.option("--duty", type=click.Choice([duty.value for duty in GridDuty if duty]), default=None)
@click.option("--from", "starts_on", type=DATE, default=None, help="First day, today if not given.")
@click.option("--until", "ends_on", type=DATE, default=None, help="First day off duty.")
def appoint(
    username: str,
    role: str,
    unit_code: str,
    area: str,
    duty: str | None,
    starts_on: datetime | None,
    ends_on: datetime | None,
) -> None:
    """Post USERNAME to a unit in a role over an area."""
    with office() as now:
        from yiwang.kernel import organisation
        from yiwang.kernel.foundation.actors import SYSTEM

        posting = organisation.appoint(
            _user(username),
            unit=_unit(unit_code),
            role=Role(role),
            area=_division(area, now),
            duty=GridDuty(duty or ""),
            starts_on=starts_on.date() if starts_on else None,
            ends_on=ends_on.date() if ends_on else None,
            by=SYSTEM,
            at=now,
        )
        click.echo(f"{username}: {role}, {posting.area}, {posting.starts_on}")


@staff.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would change and write nothing.")
def import_file(file: BinaryIO, dry_run: bool) -> None:
    """Take people and postings in from an Excel FILE; first passwords of new accounts are printed once."""
    with office() as now:
        from yiwang.kernel.foundation.actors import SYSTEM
        from yiwang.kernel.organisation.excel.importing import import_staff

        result = import_staff(file.read(), by=SYSTEM, at=now, dry_run=dry_run)
        for problem in result.problems:
            place = problem.cell or problem.column
            click.echo(f"{problem.sheet}\t{problem.row}\t{place}\t{problem.said}", err=True)
        for slip in result.issued:
            click.echo(f"{slip.unit}\t{slip.display_name}\t{slip.username}\t{slip.password}")
        if result.problems:
            raise click.ClickException(f"{len(result.problems)} mistakes: nothing was written")


@staff.command("list")
@click.option("--unit", "unit_code", default=None, help="Only this unit.")
def list_staff(unit_code: str | None) -> None:
    """Print who is on duty today, a line each: user name, name, role, unit, area."""
    with office() as now:
        from yiwang.kernel.organisation.duties import day_of
        from yiwang.kernel.organisation.models import Posting

        postings = Posting.objects.on(day_of(now)).select_related("user", "unit", "area")
        if unit_code:
            postings = postings.filter(unit=_unit(unit_code))
        for posting in postings.order_by("unit__code", "area__path", "user__username"):
            user = posting.user
            role = posting.duty or posting.role
            click.echo(
                f"{user.username}\t{user.display_name}\t{role}\t{posting.unit}\t{posting.area}"
            )


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


def _user(username: str) -> "User":
    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.accounts.rules import normalised_username

    user = User.objects.filter(username=normalised_username(username)).first()
    if user is None:
        raise click.ClickException(f"there is no user {username}")
    return user


def _unit(code: str) -> "Unit":
    from yiwang.kernel.organisation.models import Unit

    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise click.ClickException(f"there is no unit with the code {code}")
    return unit


def _division(text: str, at: datetime) -> "Division":
    """Return the one division in force that the text names, by code, id or name."""
    from django.db.models import Q

    from yiwang.kernel.organisation.duties import day_of
    from yiwang.kernel.territory.models import Division

    named = Q(code=text) | Q(grid_code=text) | Q(name=text) | Q(short_name=text)
    if text.isdecimal() and len(text) < 10:
        named |= Q(pk=int(text))
    found = list(Division.objects.at(day_of(at)).filter(named)[:2])
    if not found:
        raise click.ClickException(f"there is no division {text}")
    if len(found) > 1:
        raise click.ClickException(f"several divisions are called {text}: give the id or the code")
    return found[0]
