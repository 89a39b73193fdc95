"""How far a matter is, what comes next and by when, in plain words. Codes come from the gateway, words are made here."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yiwang.kernel.foundation.sentences import N_
from yiwang.web.kit import say
from yiwang.web.residents.gateway import messages as m

STEPS = {
    "received": N_("已收到"),
    "accepted": N_("已受理"),
    "handling": N_("办理中"),
    "checking": N_("核查中"),
    "closed": N_("已办结"),
}


@dataclass(frozen=True)
class Mark:
    """One of the five steps: its name, when it was reached, and whether the matter stands there now."""

    name: str
    at: datetime | None
    is_reached: bool
    is_now: bool


@dataclass(frozen=True)
class Face:
    """One of the four answers to "are you satisfied?"."""

    value: str
    msgid: str
    icon: str

    @property
    def name(self) -> str:
        return _(self.msgid)


FACES = (
    Face("very_satisfied", N_("非常满意"), icon="mood-happy"),
    Face("satisfied", N_("满意"), icon="mood-smile"),
    Face("basically_satisfied", N_("基本满意"), icon="mood-empty"),
    Face("dissatisfied", N_("不满意"), icon="mood-sad"),
)


def step_name(step: str) -> str:
    return _(STEPS[step]) if step in STEPS else ""


def rating_name(rating: str) -> str:
    return next((face.name for face in FACES if face.value == rating), "")


def marks(known: m.Followed) -> list[Mark]:
    """The five steps with their moments; a matter that ended otherwise has only the first."""
    order = list(STEPS)
    here = order.index(known.step) if known.step in STEPS else 0
    shown = order if known.step else order[:1]
    return [
        Mark(
            name=step_name(step),
            at=known.reached[place] if place < len(known.reached) else None,
            is_reached=place <= here and not (place == here and known.step != "closed"),
            is_now=place == here and bool(known.step) and known.step != "closed",
        )
        for place, step in enumerate(shown)
    ]


def next_step(known: m.Followed, now: datetime) -> str:
    """What happens next and by when, in one sentence."""
    if known.ended:
        return _END[known.ended]()
    assert known.step, "a matter that has not ended stands at a step"
    return _NEXT[known.step](known, now)


def answer_by(known: m.Followed, now: datetime) -> str:
    """By when the answer is owed; nothing once it is given."""
    if known.answer_due_at is None or known.ended:
        return ""
    if known.answer_due_at < now:
        return _("答复已经超过约定时间，系统已经提醒负责人。")
    return _("最晚 %(when)s 前答复您。") % {"when": say.moment(known.answer_due_at, now)}


def _received(known: m.Followed, now: datetime) -> str:
    if _is_late(known, now):
        return _("还没有人受理，已经超过约定时间，系统已经提醒负责人。")
    if known.work_due_at is None:
        return _("工作人员会看您反映的事，决定由谁来办。")
    when = say.moment(known.work_due_at, now)
    return _("工作人员会在 %(when)s 前看您反映的事，决定由谁来办。") % {"when": when}


def _accepted(known: m.Followed, now: datetime) -> str:
    if known.reopened:
        return _("您说没有解决，我们重新办理，正在安排责任单位。")
    if known.work_due_at is None or _is_late(known, now):
        return _("已经受理，正在安排责任单位。")
    when = say.moment(known.work_due_at, now)
    return _("已经受理，%(when)s 前交给责任单位。") % {"when": when}


def _handling(known: m.Followed, now: datetime) -> str:
    unit = known.unit or _("责任单位")
    if known.suspended_until:
        day = say.day(known.suspended_until, say.local(now).date())
        return _("这件事一时办不完，%(unit)s 申请暂缓到 %(day)s，到时接着办。") % {
            "unit": unit,
            "day": day,
        }
    if _is_late(known, now):
        return _("%(unit)s 正在处理，已经超过时限，系统已经提醒负责人。") % {"unit": unit}
    if known.work_due_at is None:
        return _("%(unit)s 正在处理。") % {"unit": unit}
    when = say.moment(known.work_due_at, now)
    return _("%(unit)s 正在处理，应在 %(when)s 前办好。") % {"unit": unit, "when": when}


def _checking(known: m.Followed, now: datetime) -> str:
    if known.may_confirm:
        return _("责任单位说已经办好了。请您看一看，是不是真的解决了。")
    return _("责任单位说已经办好了，正由别的工作人员到现场核查。")


def _closed(known: m.Followed, now: datetime) -> str:
    if known.may_rate:
        return _("已经办结。请您评价，不满意可以要求重办一次。")
    return _("已经办结。")


def _is_late(known: m.Followed, now: datetime) -> bool:
    return known.work_due_at is not None and known.work_due_at < now


_NEXT = {
    "received": _received,
    "accepted": _accepted,
    "handling": _handling,
    "checking": _checking,
    "closed": _closed,
}
_END = {
    "refused": lambda: _("这件事没有受理，原因见答复。"),
    "void": lambda: _("这条诉求已经作废。如有疑问请联系街道。"),
}
