"""Which event goes out by which channel as the product is delivered; a town keeps its own table. Pure: no Django."""

from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.foundation.sentences import N_


class Channel(StrEnum):
    """IN_APP is the notice itself: always there, for everybody it concerns."""

    IN_APP = "in_app"
    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"


OUTSIDE = (Channel.EMAIL, Channel.SMS, Channel.WEBHOOK)
TO_PEOPLE = (Channel.EMAIL, Channel.SMS)
# A second copy does no harm there, or is recognised by its id; of a short message nobody wants two.
AT_LEAST_ONCE = (Channel.EMAIL, Channel.WEBHOOK)

CHANNEL_NAMES: dict[str, str] = {
    Channel.IN_APP: N_("站内"),
    Channel.EMAIL: N_("邮件"),
    Channel.SMS: N_("短信"),
    Channel.WEBHOOK: N_("接口推送"),
}


class Audience(StrEnum):
    STAFF = "staff"
    RESIDENT = "resident"
    SYSTEM = "system"


class Night(StrEnum):
    """Whether an event comes through in the quiet hours."""

    NEVER = "never"
    URGENT = "urgent"
    ALWAYS = "always"

    def lets_through(self, urgent: bool) -> bool:
        return self is Night.ALWAYS or (self is Night.URGENT and urgent)


NIGHT_NAMES: dict[str, str] = {
    Night.NEVER: N_("等到早上"),
    Night.URGENT: N_("紧急的照发"),
    Night.ALWAYS: N_("照发"),
}


class State(StrEnum):
    """Of one sending. FAILED is tried again by itself, GIVEN_UP and UNCLEAR are not."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    UNCLEAR = "unclear"


STATE_NAMES: dict[str, str] = {
    State.WAITING: N_("等待发送"),
    State.HELD: N_("免打扰，早上发"),
    State.SENDING: N_("正在发送"),
    State.SENT: N_("已发出"),
    State.FAILED: N_("失败，将重试"),
    State.GIVEN_UP: N_("没有发出"),
    State.UNCLEAR: N_("不能确定是否发出"),
}
DUE = (State.WAITING, State.HELD, State.FAILED)
TROUBLE = (State.FAILED, State.GIVEN_UP, State.UNCLEAR)
MAY_BE_RESENT = (State.HELD, State.FAILED, State.GIVEN_UP, State.UNCLEAR)


@dataclass(frozen=True)
class Rule:
    """One line of the table: how an event leaves the house."""

    event: str
    email: bool = False
    sms: bool = False
    webhook: bool = False
    night: Night = Night.NEVER
    audience: Audience = Audience.STAFF

    def uses(self, channel: Channel) -> bool:
        return channel is Channel.IN_APP or bool(getattr(self, channel.value))


_U, _A, _R = Night.URGENT, Night.ALWAYS, Audience.RESIDENT
SHIPPED: dict[str, Rule] = {
    rule.event: rule
    for rule in (
        Rule("case_reported", webhook=True),
        Rule("question_asked", email=True),
        Rule("case_dispatched", email=True, webhook=True, night=_U),
        Rule("assist_added", email=True, night=_U),
        Rule("task_returned", email=True, night=_U),
        Rule("task_passed_on", email=True),
        Rule("extension_asked", email=True),
        Rule("extension_approved"),
        Rule("extension_rejected", email=True),
        Rule("suspension_asked", email=True),
        Rule("case_suspended"),
        Rule("suspension_rejected", email=True),
        Rule("case_resumed", email=True),
        Rule("task_reported_back"),
        Rule("case_solved_on_spot"),
        Rule("case_sent_back", email=True, night=_U),
        Rule("case_closed", webhook=True),
        Rule("case_reopened", email=True),
        Rule("case_unmerged"),
        Rule("case_escalated", email=True, night=_U),
        Rule("case_supervised", email=True, sms=True, night=_A),
        Rule("clock_due_soon", email=True, night=_U),
        Rule("clock_overdue", email=True, sms=True, night=_U),
        Rule("case_late_to_leader", email=True, sms=True, night=_U),
        Rule("report_received", sms=True, audience=_R),
        Rule("report_closed", sms=True, audience=_R),
    )
}


def shipped(event: str) -> Rule:
    """The rule of an event as delivered: one nobody thought of stays within the house."""
    return SHIPPED.get(event, Rule(event))


EVENT_NAMES: dict[str, str] = {
    "case_reported": N_("新诉求"),
    "question_asked": N_("群众提问"),
    "case_dispatched": N_("派遣到单位"),
    "assist_added": N_("请单位协办"),
    "task_returned": N_("单位退单"),
    "task_passed_on": N_("转交经办人"),
    "extension_asked": N_("申请延期"),
    "extension_approved": N_("同意延期"),
    "extension_rejected": N_("不同意延期"),
    "suspension_asked": N_("申请挂账"),
    "case_suspended": N_("已挂账"),
    "suspension_rejected": N_("不同意挂账"),
    "case_resumed": N_("恢复办理"),
    "task_reported_back": N_("单位反馈，待核查"),
    "case_solved_on_spot": N_("自行处置，待核查"),
    "case_sent_back": N_("核查未通过，返工"),
    "case_closed": N_("办结"),
    "case_reopened": N_("重新办理"),
    "case_unmerged": N_("取消合并"),
    "case_escalated": N_("提级"),
    "case_supervised": N_("督办"),
    "clock_due_soon": N_("快到期"),
    "clock_overdue": N_("超时"),
    "case_late_to_leader": N_("超时报领导"),
    "work_handed_over": N_("移交在办案卷"),
    "leave_asked": N_("申请请假"),
    "leave_entered": N_("登记请假"),
    "leave_agreed": N_("同意请假"),
    "leave_refused": N_("不同意请假"),
    "leave_ended": N_("请假结束"),
    "report_received": N_("居民：诉求已收到"),
    "report_closed": N_("居民：诉求已办结"),
    "digest": N_("夜间汇总"),
}
