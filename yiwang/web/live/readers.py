"""Who listens: a session read from the database, its person, and what that person may hear."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.crypto import constant_time_compare

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case
from yiwang.kernel.organisation.duties import areas_of, duties_of, units_of
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.kit.sitting import is_past


@dataclass(frozen=True)
class Change:
    """Something happened to a case: which, where, whose. No word of it."""

    case_id: int
    version: int
    area_path: str
    unit_ids: frozenset[int]
    confidential: bool

    @classmethod
    def read(cls, payload: str) -> "Change":
        case_id, version, area_path, unit_ids, confidential = json.loads(payload)
        return cls(case_id, version, area_path, frozenset(unit_ids), confidential)


@dataclass(frozen=True)
class Audience:
    """What a person hears; those with the same duties are one audience. `alone`: sees what others of it may not."""

    areas: tuple[str, ...]
    inspects: tuple[str, ...]
    units: frozenset[int]
    duties: frozenset[tuple[Any, ...]]
    alone: int | None

    def hears(self, change: Change) -> bool:
        """Whether the case is in sight. For a confidential one this is only a first sieve: the database decides."""
        places = self.inspects if change.confidential else self.areas
        here = any(change.area_path.startswith(path) for path in places)
        return here or not self.units.isdisjoint(change.unit_ids)


@dataclass(frozen=True)
class Reader:
    """One session's person."""

    session_key: str
    user_id: int
    name: str
    audience: Audience = field(repr=False)


def audience_of(user: User, at: datetime) -> Audience | None:
    """Return what the person hears; nothing at all without a duty."""
    duties = duties_of(user, at)
    if not duties:
        return None
    inspects = areas_of(user, Permission.INSPECT_VIEW, at)
    units = frozenset(units_of(user, at, Permission.TASK_HANDLE))
    return Audience(
        areas=areas_of(user, Permission.CASE_VIEW, at),
        inspects=inspects,
        units=units,
        duties=frozenset(
            (d.role, d.area_path, d.unit_id, d.permissions, d.grid_duty) for d in duties
        ),
        alone=user.pk if inspects or units else None,
    )


def read_readers(keys: Iterable[str], at: datetime) -> dict[str, Reader]:
    """Return the readers of those sessions that are good now: two statements, and the duties of each person."""
    people = _people(keys, at)
    found: dict[str, Reader] = {}
    known: dict[int, Audience | None] = {}
    for key, (user, data) in people.items():
        if user.pk not in known:
            known[user.pk] = audience_of(user, at)
        audience = known[user.pk]
        if audience is not None and not _owes_a_factor(user, data, at):
            found[key] = Reader(key, user.pk, user.display_name, audience)
    return found


def still_good(keys: Iterable[str], at: datetime) -> set[str]:
    """Return those of the sessions that are good now, whoever has which duties."""
    return set(_people(keys, at))


def _owes_a_factor(user: User, data: dict[str, Any], at: datetime) -> bool:
    """Whether a role of the person asks for a second factor that this session has not shown: no page opens either."""
    wanted = set(settings.YIWANG_SECOND_FACTOR)
    duties = duties_of(user, at) if wanted else ()
    held = {str(duty.role) for duty in duties} | {str(p) for d in duties for p in d.permissions}
    shown = {each.get("method") for each in data.get(AUTHENTICATION_METHODS_SESSION_KEY, [])}
    return not wanted.isdisjoint(held) and "mfa" not in shown


def _people(keys: Iterable[str], at: datetime) -> dict[str, tuple[User, dict[str, Any]]]:
    rows = Session.objects.filter(session_key__in=list(keys), expire_date__gt=at)
    store = SessionStore()
    held = {row.session_key: store.decode(row.session_data) for row in rows}
    ids = {str(data.get(SESSION_KEY, "")) for data in held.values()}
    users = {
        str(user.pk): user
        for user in User.objects.filter(
            pk__in=[key for key in ids if key], is_active=True, password_issued_at=None
        )
    }
    return {
        key: (users[str(data[SESSION_KEY])], data)
        for key, data in held.items()
        if str(data.get(SESSION_KEY, "")) in users
        and _is_good(data, users[str(data[SESSION_KEY])], at)
    }


def _is_good(data: dict[str, Any], user: User, at: datetime) -> bool:
    """Whether the session is this person's still: not timed out, not older than the password."""
    if BACKEND_SESSION_KEY not in data or is_past(data, at.timestamp()):
        return False
    return constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


_DUTIES = """
SELECT md5(coalesce(string_agg(t.x, '|' ORDER BY t.x), '')) FROM (
    SELECT p::text AS x FROM organisation_posting p
    UNION ALL SELECT l::text FROM organisation_leave l
    UNION ALL SELECT u.id || ' ' || u.active FROM organisation_unit u
) AS t
"""


def duties_mark(at: datetime) -> str:
    """Return a mark that changes when anybody's posting, leave or unit does, or the day: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_DUTIES)
        row = cursor.fetchone()
    day = f"{at:%Y-%m-%d %H}"  # a posting may begin or end with the day, whatever the zone
    return hashlib.sha256(f"{day} {row[0]}".encode()).hexdigest()


def who_may_read(case_id: int, user_ids: Iterable[int], at: datetime) -> set[int]:
    """Return those of the people who may read the case."""
    seen = Case.objects.filter(pk=case_id)
    users = User.objects.filter(pk__in=list(user_ids))
    return {user.pk for user in users if seen.visible_to(user, at=at).exists()}


def sight_of(case_id: int, user_id: int, at: datetime) -> Change | None:
    """Return where and whose a case is, if this person may read it; None for a confidential one too."""
    user = User.objects.filter(pk=user_id).first()
    found = Case.objects.visible_to(user, at=at).filter(pk=case_id, confidential=False)
    row = found.values_list("version", "area_path", "unit_ids").first()
    return Change(case_id, row[0], row[1], frozenset(row[2]), confidential=False) if row else None


_UNREAD = """
SELECT p.id, (SELECT count(*) FROM (SELECT FROM notices_notice n WHERE n.user_id = p.id AND n.read_at IS NULL
              LIMIT 100) AS first)
FROM unnest(%s::bigint[]) AS p (id)
"""


def unread_of(user_ids: Iterable[int]) -> dict[int, int]:
    """Return how many notices wait for each person; 100 means "a hundred or more"."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [list(user_ids)])
        return dict(cursor.fetchall())
