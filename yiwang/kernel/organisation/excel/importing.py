"""Lines → accounts and postings, through the same actions as one by one; with one mistake nothing is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict

from django.contrib.auth.hashers import get_hasher
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.rules import normalised_phone, normalised_username
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden, Invalid, Refused
from yiwang.kernel.organisation.actions import add_post, appoint, end_posting, stand_in
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.organisation.excel.names import Names
from yiwang.kernel.organisation.excel.reading import read
from yiwang.kernel.organisation.excel.rules import PEOPLE, POSTINGS, Line, Problem, date_of
from yiwang.kernel.organisation.models import Posting

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
QUICK = 20_000  # rounds: enough for 79 random bits; the owner's own password gets the full number
_LANGUAGES = {
    "": "zh-hans",
    "中文": "zh-hans",
    "zh": "zh-hans",
    "zh-hans": "zh-hans",
    "english": "en",
    "en": "en",
}


@dataclass(frozen=True)
class Issued:
    """A new account and the password to hand over; never stored, shown once."""

    username: str
    display_name: str
    unit: str
    password: str


@dataclass
class StaffImport:
    """What came of a file. With one problem nothing was written; on a trial neither."""

    people: int = 0
    postings: int = 0
    opened: int = 0
    changed: int = 0
    appointed: int = 0
    ended: int = 0
    problems: list[Problem] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)
    written: bool = False

    @property
    def changes(self) -> int:
        return self.opened + self.changed + self.appointed + self.ended


def new_password() -> str:
    """Sixteen letters and digits that cannot be taken for one another, to be read out over the telephone."""
    return "-".join(get_random_string(4, ALPHABET) for _place in range(4))


def quick_hash(password: str) -> str:
    """Hash a random password with fewer rounds: three hundred at once take seconds, and nobody guesses 79 bits.

    Django hashes it anew, with the full number, at the first sign-in.
    """
    hasher = get_hasher("default")
    more = {"iterations": QUICK} if hasattr(hasher, "iterations") else {}
    return str(hasher.encode(password, hasher.salt(), **more))


def import_staff(content: bytes, *, by: Actor, at: datetime, dry_run: bool) -> StaffImport:
    """Take a workbook in: all of it or, with one mistake, nothing. The same file again changes nothing.

    Raises:
        Invalid: the file is no workbook of ours.
        Forbidden: without `staff.manage` anywhere.
    """
    lines, problems = read(content)
    result = StaffImport(problems=problems)
    with transaction.atomic():
        work = _Work(result, by, at, quick=dry_run)
        for line in lines.get(PEOPLE.name, []):
            result.people += 1
            work.try_line(line, work.person)
        for line in lines.get(POSTINGS.name, []):
            result.postings += 1
            work.try_line(line, work.posting)
        result.written = not dry_run and not result.problems
        if not result.written:
            transaction.set_rollback(True)
            result.issued = []
    result.problems.sort(key=lambda problem: (problem.sheet != PEOPLE.name, problem.row))
    return result


class _How(TypedDict):
    by: Actor
    at: datetime


@dataclass
class _Work:
    result: StaffImport
    by: Actor
    at: datetime
    quick: bool
    names: Names = field(default_factory=Names)
    seen: dict[str, int] = field(default_factory=dict)

    def try_line(self, line: Line, act: Callable[[Line], None]) -> None:
        """Do one line within its own savepoint; a refusal becomes a problem of the cell it is about."""
        if any(c.needed and not line[c.key] for c in line.sheet.columns):
            return  # named by the reader already
        try:
            with transaction.atomic():
                act(line)
        except Forbidden as refused:
            self.result.problems.append(line.problem("area", str(refused.sentence)))
        except Refused as refused:
            key = {"user": "username"}.get(refused.field or "", refused.field or "")
            self.result.problems.append(line.problem(key, str(refused.sentence)))

    def person(self, line: Line) -> None:
        username = normalised_username(line["username"])
        if username in self.seen:
            said = _("与第 %(row)s 行的用户名相同") % {"row": self.seen[username]}
            raise Invalid(said, field="username")
        self.seen[username] = line.row
        language = _LANGUAGES.get(line["language"].strip().lower())
        if language is None:
            raise Invalid(_("请填“中文”或“English”"), field="language")
        user = User.objects.filter(username=username).first()
        if user is None:
            self._open(line, username, language)
        else:
            self._change(line, user, language)

    def _open(self, line: Line, username: str, language: str) -> None:
        password = "" if self.quick else new_password()
        user = accounts.create_user(
            username=username,
            display_name=line["display_name"],
            employee_number=line["employee_number"],
            language=language,
            encoded_password=quick_hash(password) if password else "!",
            issued=True,
            by=self.by,
            at=self.at,
        )
        accounts.set_contact(user, email=line["email"], phone=line["phone"], by=self.by, at=self.at)
        self.result.opened += 1
        self.result.issued.append(Issued(username, user.display_name, "", password))

    def _change(self, line: Line, user: User, language: str) -> None:
        """Bring an account to what the line says; a blank cell leaves what is there."""
        how: _How = {"by": self.by, "at": self.at}
        before = (user.display_name, user.employee_number, user.email, user.phone, user.language)
        if line["display_name"] != user.display_name:
            user = accounts.rename(user, display_name=line["display_name"], **how)
        number = line["employee_number"]
        if number and number != user.employee_number:
            user = accounts.set_employee_number(user, employee_number=number, **how)
        email = line["email"] or user.email or ""
        phone = normalised_phone(line["phone"]) or user.phone or ""
        user = accounts.set_contact(user, email=email, phone=phone, **how)
        if line["language"] and language != user.language:
            user = accounts.set_language(user, language=language, **how)
        after = (user.display_name, user.employee_number, user.email, user.phone, user.language)
        self.result.changed += before != after

    def posting(self, line: Line) -> None:
        user = self._user(line, "username")
        unit, role = self.names.unit(line["unit"]), self.names.role(line["role"])
        area, duty = self.names.area(line["area"], day_of(self.at)), self.names.duty(line["duty"])
        starts_on, ends_on = self._day(line, "starts_on"), self._day(line, "ends_on")
        self._name_unit(user, unit.name)
        holder = self._user(line, "stands_in_for") if line["stands_in_for"] else None
        same = Posting.objects.filter(unit=unit, role=role.value, area=area)
        same = same.exclude(ends_on__lte=starts_on or day_of(self.at))
        mine = same.filter(user=user, stands_in_for__isnull=holder is None).first()
        if mine is not None:
            if ends_on is not None and ends_on != mine.ends_on:
                end_posting(mine, on=ends_on, by=self.by, at=self.at)
                self.result.ended += 1
            return
        if holder is None:
            post = (
                add_post(unit, title=line["post"], by=self.by, at=self.at) if line["post"] else None
            )
            appoint(
                user, unit=unit, role=role, area=area, duty=duty, post=post,
                starts_on=starts_on, ends_on=ends_on, by=self.by, at=self.at,
            )  # fmt: skip
        else:
            held = same.filter(user=holder, stands_in_for=None).first()
            if held is None:
                raise Invalid(_("这个人没有同样的任职可替"), field="stands_in_for")
            stand_in(
                held, deputy=user, starts_on=starts_on, ends_on=ends_on, by=self.by, at=self.at
            )
        self.result.appointed += 1

    def _user(self, line: Line, key: str) -> User:
        user = User.objects.filter(username=normalised_username(line[key])).first()
        if user is None:
            raise Invalid(_("没有这个用户名：%(text)s") % {"text": line[key]}, field=key)
        return user

    def _day(self, line: Line, key: str) -> date | None:
        try:
            return date_of(line[key])
        except ValueError as error:
            said = _("不是日期：%(text)s；例 2026-12-01") % {"text": line[key]}
            raise Invalid(said, field=key) from error

    def _name_unit(self, user: User, unit: str) -> None:
        """The printed list is handed out unit by unit."""
        self.result.issued = [
            Issued(slip.username, slip.display_name, slip.unit or unit, slip.password)
            if slip.username == user.username
            else slip
            for slip in self.result.issued
        ]
