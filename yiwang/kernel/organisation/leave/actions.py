"""Asking for leave, agreeing to it, taking it back and coming back early.

Who may: everybody asks for themselves, and it counts once somebody with `leave.approve` over every area of the person's
postings (a leader, the community's officer, an administrator) has agreed; such a person may also enter it for them,
which is agreeing at once. Neither the person nor the stand-in can agree: nobody hands themselves another's rights.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.organisation.duties import day_of, forget_duties
from yiwang.kernel.organisation.leave.listening import tell
from yiwang.kernel.organisation.leave.rules import (
    LIVE,
    REASON_AT_MOST,
    LeaveState,
    fault_of,
)
from yiwang.kernel.organisation.models import Leave, Posting
from yiwang.kernel.organisation.permissions import may, use
from yiwang.kernel.organisation.rules import Permission


@transaction.atomic
def ask_leave(
    user: User,
    *,
    first_day: date,
    last_day: date,
    stand_in: User,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Leave:
    """Ask for leave for oneself, or enter it for somebody, which agrees to it.

    Raises:
        Forbidden: for somebody else without `leave.approve` over all their areas, or with oneself as the stand-in.
        Invalid: the days or the stand-in do not fit, naming the field.
        Conflict: no posting to stand in for.
    """
    own = by.actor_kind == "staff" and by.actor_id == user.pk
    _lock_people(user, stand_in)
    if not own:
        _require_decider(user, stand_in, by, at)
    if not stand_in.is_active:
        raise Invalid(_("%(name)s的账号已停用") % {"name": stand_in.display_name}, field="stand_in")
    if len(reason.strip()) > REASON_AT_MOST:
        raise Invalid(_("原因最多 %(most)s 字") % {"most": REASON_AT_MOST}, field="reason")
    leave = Leave(
        user=user,
        stand_in=stand_in,
        first_day=first_day,
        last_day=last_day,
        reason=reason.strip(),
        asked_at=at,
        state=LeaveState.ASKED,
    )
    _check(leave, at)
    if not own:
        _decide(leave, LeaveState.AGREED, by, at)
    leave.save()
    return _told(leave, "leave_asked" if own else "leave_entered", by, at)


@transaction.atomic
def agree_leave(leave: Leave, *, by: Actor, at: datetime) -> Leave:
    """Agree: from its first day, or from now on when that has passed, the stand-in acts.

    Raises:
        Forbidden: without the right, or for one's own leave, or as the stand-in.
        Conflict: decided already, or over.
        Invalid: the stand-in has left meanwhile.
    """
    leave = _locked(leave)
    _require_decider(leave.user, leave.stand_in, by, at)
    _must_be(leave, LeaveState.ASKED)
    if leave.last_day < day_of(at):
        raise Conflict(_("这次请假已经过去"))
    if not leave.stand_in.is_active:
        name = leave.stand_in.display_name
        raise Invalid(_("%(name)s的账号已停用") % {"name": name}, field="stand_in")
    _decide(leave, LeaveState.AGREED, by, at)
    leave.save()
    return _told(leave, "leave_agreed", by, at)


@transaction.atomic
def refuse_leave(leave: Leave, *, by: Actor, at: datetime) -> Leave:
    """Say no.

    Raises:
        Forbidden: without the right.
        Conflict: decided already.
    """
    leave = _locked(leave)
    _require_decider(leave.user, leave.stand_in, by, at)
    _must_be(leave, LeaveState.ASKED)
    _decide(leave, LeaveState.REFUSED, by, at)
    leave.save()
    return _told(leave, "leave_refused", by, at)


@transaction.atomic
def end_leave(leave: Leave, *, by: Actor, at: datetime) -> Leave:
    """Back early, or not away after all: from today on the person's work is theirs again.

    Raises:
        Forbidden: neither the person nor somebody who may decide.
        Conflict: it is over, or was refused.
    """
    leave = _locked(leave)
    if not (by.actor_kind == "staff" and by.actor_id == leave.user_id):
        _require_decider(leave.user, leave.stand_in, by, at)
    _must_be(leave, *LIVE)
    today = day_of(at)
    if leave.last_day < today:
        raise Conflict(_("这次请假已经过去"))
    if leave.state == LeaveState.AGREED and leave.first_day < today:
        leave.last_day = today - timedelta(days=1)
    else:
        leave.state = LeaveState.WITHDRAWN
    leave.save()
    return _told(leave, "leave_ended", by, at)


def may_decide(by: Actor, user: User, at: datetime) -> bool:
    """Say whether the actor may agree to a leave of this person: `leave.approve` over every area they are posted to."""
    if by.actor_kind == "staff" and by.actor_id == user.pk:
        return False
    paths = Posting.objects.filter(user=user).on(day_of(at)).values_list("area__path", flat=True)
    areas: set[str | None] = set(paths) or {None}
    return all(may(by, Permission.LEAVE_APPROVE, at=at, area_path=path) for path in areas)


def _require_decider(user: User, stand_in: User, by: Actor, at: datetime) -> None:
    if not may_decide(by, user, at):
        raise Forbidden(_("请假须由其全部任职区域的领导、社区干部或管理员同意，不能自己同意"))
    if by.actor_kind == "staff" and by.actor_id == stand_in.pk:
        raise Forbidden(_("替岗人不能同意这次请假，须由他人同意"))
    use(by, Permission.LEAVE_APPROVE, at=at)


def _check(leave: Leave, at: datetime) -> None:
    """Refuse what cannot be, with the days that are in the way."""
    people = (leave.user_id, leave.stand_in_id)
    rows = Leave.objects.live().filter(last_day__gte=day_of(at)).touching(people)
    fault = fault_of(leave.absence, [row.absence for row in rows], day_of(at))
    if fault is not None:
        days = {"from": str(fault.other.first), "to": str(fault.other.last)} if fault.other else {}
        raise Invalid(Sentence(fault.sentence, days), field=fault.field)
    in_force = Posting.objects.filter(user=leave.user, starts_on__lte=leave.last_day)
    if not in_force.exclude(ends_on__lte=leave.first_day).exists():
        raise Conflict(_("这几天没有任职，不用登记替岗"))


def _decide(leave: Leave, state: LeaveState, by: Actor, at: datetime) -> None:
    leave.state = state
    leave.decided_by = by if isinstance(by, User) else None
    leave.decided_at = at


def _must_be(leave: Leave, *states: LeaveState) -> None:
    if leave.state not in states:
        raise Conflict(_("这次请假已经办过了：%(state)s") % {"state": leave.get_state_display()})


def _lock_people(*people: User) -> None:
    """One after the other where two leaves name the same person, so that both are seen."""
    ids = sorted({person.pk for person in people})
    list(User.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def _locked(leave: Leave) -> Leave:
    found = Leave.objects.select_related("user", "stand_in")
    return found.select_for_update(of=("self",)).get(pk=leave.pk)


def _told(leave: Leave, verb: str, by: Actor, at: datetime) -> Leave:
    for person in (leave.user, leave.stand_in):
        forget_duties(person)
    facts = {
        "user": leave.user_id,
        "stand_in": leave.stand_in_id,
        "first_day": leave.first_day.isoformat(),
        "last_day": leave.last_day.isoformat(),
        "state": str(leave.state),
    }
    audit.record("leave", leave.pk, verb, by=by, at=at, facts=facts)
    tell(verb, leave, at)
    return leave
