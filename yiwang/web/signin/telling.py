"""Who is told of a leave: those who may agree, then the person and the stand-in."""

from datetime import datetime

from yiwang.kernel import organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.sentences import N_
from yiwang.kernel.notices import Delivery, Event, enqueue, register
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.organisation.models import Leave, Posting
from yiwang.kernel.organisation.rules import TABLE, Permission
from yiwang.web.kit.navigation import register_subject

WORDING = {
    "leave_asked": N_("有人请假，等您同意：%(from)s 至 %(to)s"),
    "leave_entered": N_("已登记请假 %(from)s 至 %(to)s，这几天由替岗人值守"),
    "leave_agreed": N_("请假已同意：%(from)s 至 %(to)s，这几天由替岗人值守"),
    "leave_refused": N_("请假没有同意：%(from)s 至 %(to)s"),
    "leave_ended": N_("请假已结束或撤回，工作回到本人：%(from)s 至 %(to)s"),
}


def _changed(verb: str, leave: Leave, at: datetime) -> None:
    enqueue(verb, "leave", leave.pk, at)


def _resolve(event: Event) -> Delivery:
    leave = Leave.objects.filter(pk=event.subject_id).select_related("user").first()
    if leave is None:
        return Delivery([])
    days: dict[str, str | int] = {"from": str(leave.first_day), "to": str(leave.last_day)}
    if event.name == "leave_asked":
        return Delivery(_deciders(leave, event.at), days, outside=True)
    return Delivery([leave.user_id, leave.stand_in_id], days, outside=True)


def _deciders(leave: Leave, at: datetime) -> list[int]:
    """Who may agree: over all the person's areas, and neither of the two."""
    roles = [role.value for role, held in TABLE.items() if Permission.LEAVE_APPROVE in held]
    posted = Posting.objects.on(day_of(at)).filter(role__in=roles).values("user")
    people = User.objects.filter(pk__in=posted, is_active=True).exclude(
        pk__in=[leave.user_id, leave.stand_in_id]
    )
    return [user.pk for user in people if organisation.may_decide(user, leave.user, at)]


def register_all() -> None:
    organisation.on_leave(_changed)
    for event, wording in WORDING.items():
        register(event, _resolve, wording=wording)
    register_subject("leave", "signin:leave-of")
