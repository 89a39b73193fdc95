"""The queues of the desk: which cases wait for the same thing, and who is shown the queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.cases.models import Report, Request
from yiwang.kernel.cases.rules.stages import OPEN_STAGES, Stage
from yiwang.kernel.organisation.rules import Permission

if TYPE_CHECKING:
    from yiwang.kernel.foundation.errors import Sayable

CLOSED_FOR = timedelta(days=30)
"""How long a closed case stays on the desk, for its answers and calls; "all" finds it for ever."""


@dataclass(frozen=True)
class Queue:
    """Cases that wait for the same thing. `counted`: its number stands beside its name; `span`: where they are."""

    key: str
    name: "Sayable"
    hint: "Sayable"
    condition: Callable[[datetime], Q]
    needs: tuple[Permission, ...] = (Permission.CASE_VIEW,)
    group: str = "stage"
    span: Literal["open", "closed", "all"] = "open"
    newest_first: bool = False
    counted: bool = True
    alarming: bool = False


def _stage(*stages: Stage) -> Callable[[datetime], Q]:
    return lambda at: Q(stage__in=stages)


def _unanswered(at: datetime) -> Q:
    """Voices to whom an answer was promised; nobody promised one to those another system's history brought."""
    waiting = Report.objects.filter(
        case=OuterRef("pk"), answered_at=None, answer_due_at__isnull=False
    )
    return Q(Exists(waiting))


def _to_call(at: datetime) -> Q:
    """Voices to be called: they left a telephone, have not rated and were not tried in vain too often."""
    waiting = Report.objects.filter(case=OuterRef("pk"), call_next_at__isnull=False)
    return Q(Exists(waiting))


def _asked(at: datetime) -> Q:
    return Q(stage=Stage.HANDLING) & Q(
        Exists(Request.objects.filter(case=OuterRef("pk"), state="asked"))
    )


_P = Permission
QUEUES: tuple[Queue, ...] = (
    Queue("reported", _("待受理"), _("新的诉求会出现在这里。"), _stage(Stage.REPORTED),
          (_P.CASE_ACCEPT,)),
    Queue("accepted", _("待派遣"), _("受理之后、派给责任单位之前的案卷会出现在这里。"),
          lambda at: Q(stage=Stage.ACCEPTED, return_count=0), (_P.CASE_DISPATCH,)),
    Queue("returned", pgettext_lazy("queue", "退单"), _("责任单位退回、需要重新派遣的案卷会出现在这里。"),
          lambda at: Q(stage=Stage.ACCEPTED, return_count__gt=0), (_P.CASE_DISPATCH,)),
    Queue("unsigned", _("待签收"), _("已派出、单位还没有签收的案卷会出现在这里。"),
          _stage(Stage.DISPATCHED)),
    Queue("handling", _("处理中"), _("单位正在处理的案卷会出现在这里。"), _stage(Stage.HANDLING)),
    Queue("asked", _("待审批"), _("单位申请延期或挂账、等待审批的案卷会出现在这里。"), _asked,
          (_P.CASE_EXTEND_APPROVE, _P.CASE_SUSPEND_APPROVE)),
    Queue("check", _("待核查"), _("单位反馈办好、等待他人核查的案卷会出现在这里。"),
          _stage(Stage.REPORTED_BACK)),
    Queue("answer", _("待答复"), _("已办结、还欠诉求人一个答复的案卷会出现在这里。"), _unanswered,
          (_P.REPORT_ANSWER,), span="closed"),
    Queue("call_back", _("待回访"), _("已办结、留了电话、还没有评价的案卷会出现在这里。"), _to_call,
          (_P.REPORT_CALL_BACK,), span="closed"),
    Queue("suspended", _("挂账"), _("批准暂停、暂不计时的案卷会出现在这里。"), _stage(Stage.SUSPENDED)),
    Queue("overdue", _("超时"), _("没有超时的案卷，很好。"),
          lambda at: Q(stage__in=OPEN_STAGES, clock_due_at__lt=at), group="watch", alarming=True),
    Queue("supervised", pgettext_lazy("queue", "督办"), _("领导督办的案卷会出现在这里。"),
          lambda at: Q(stage__in=OPEN_STAGES, supervised_at__isnull=False), group="watch"),
    Queue("doubtful", _("位置存疑"), _("位置不可靠、需要人看一眼的案卷会出现在这里。"),
          lambda at: Q(stage__in=[Stage.REPORTED, Stage.ACCEPTED], place_confirmed=False)
          & ~Q(trust="trusted"), (_P.CASE_CLASSIFY,), group="watch"),
    Queue("open", _("全部在办"), _("没有在办的案卷。"), _stage(*OPEN_STAGES), group="all"),
    Queue("closed", _("近 30 天办结"), _("近 30 天没有办结的案卷。"), lambda at: Q(), group="all",
          span="closed", newest_first=True),
    Queue("all", _("全部案卷"), _("没有符合条件的案卷。"), lambda at: Q(), group="all", span="all",
          newest_first=True, counted=False),
)  # fmt: skip

GROUPS = {"stage": _("待办"), "watch": _("盯住"), "all": _("查找")}


def queues_for(permissions: frozenset[Permission]) -> list[Queue]:
    """The queues a person with these permissions is shown, in the order of the table."""
    return [queue for queue in QUEUES if permissions & set(queue.needs)]


def chosen(queues: list[Queue], key: str | None) -> Queue:
    """The queue of that key, else the first one."""
    return next((queue for queue in queues if queue.key == key), queues[0])
