"""The queues of the desk: which cases wait for the same thing, and who is shown the queue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.cases.rules.stages import OPEN_STAGES, Stage
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.queues.facts import FACTS

if TYPE_CHECKING:
    from yiwang.kernel.foundation.errors import Sayable

CLOSED_FOR = timedelta(days=30)
"""How long a closed case stays on the desk, for its answers and calls; "all" finds it for ever."""


@dataclass(frozen=True)
class Queue:
    """Cases that wait for the same thing: of these stages, with the facts they have, without those they lack.

    `span` says where they are; `counted` that their number stands beside the name.
    """

    key: str
    name: "Sayable"
    hint: "Sayable"
    needs: tuple[Permission, ...] = (Permission.CASE_VIEW,)
    stages: tuple[Stage, ...] = OPEN_STAGES
    has: str = ""
    lacks: str = ""
    group: str = "stage"
    span: Literal["open", "closed", "all"] = "open"
    newest_first: bool = False
    counted: bool = True
    alarming: bool = False

    def condition(self, at: datetime) -> Q:
        """Its facts, as a filter of cases that are of its stages."""
        having = FACTS[self.has](at) if self.has else Q()
        return having & ~FACTS[self.lacks](at) if self.lacks else having

    def holds(self, stage: str, facts: Collection[str]) -> bool:
        """Whether a case of this stage with these facts is in it."""
        of_stage = stage in self.stages if self.span == "open" else stage == Stage.CLOSED
        return of_stage and (not self.has or self.has in facts) and self.lacks not in facts


_P, _S = Permission, Stage
QUEUES: tuple[Queue, ...] = (
    Queue("reported", _("待受理"), _("新的诉求会出现在这里。"), (_P.CASE_ACCEPT,),
          (_S.REPORTED,)),
    Queue("accepted", _("待派遣"), _("受理之后、派给责任单位之前的案卷会出现在这里。"),
          (_P.CASE_DISPATCH,), (_S.ACCEPTED,), lacks="returned"),
    Queue("returned", pgettext_lazy("queue", "退单"), _("责任单位退回、需要重新派遣的案卷会出现在这里。"),
          (_P.CASE_DISPATCH,), (_S.ACCEPTED,), has="returned"),
    Queue("unsigned", _("待签收"), _("已派出、单位还没有签收的案卷会出现在这里。"),
          stages=(_S.DISPATCHED,)),
    Queue("handling", _("处理中"), _("单位正在处理的案卷会出现在这里。"), stages=(_S.HANDLING,)),
    Queue("asked", _("待审批"), _("单位申请延期或挂账、等待审批的案卷会出现在这里。"),
          (_P.CASE_EXTEND_APPROVE, _P.CASE_SUSPEND_APPROVE), (_S.HANDLING,), has="asked"),
    Queue("check", _("待核查"), _("单位反馈办好、等待他人核查的案卷会出现在这里。"),
          stages=(_S.REPORTED_BACK,)),
    Queue("answer", _("待答复"), _("已办结、还欠诉求人一个答复的案卷会出现在这里。"),
          (_P.REPORT_ANSWER,), has="unanswered", span="closed"),
    Queue("call_back", _("待回访"), _("已办结、留了电话、还没有评价的案卷会出现在这里。"),
          (_P.REPORT_CALL_BACK,), has="to_call", span="closed"),
    Queue("suspended", _("挂账"), _("批准暂停、暂不计时的案卷会出现在这里。"),
          stages=(_S.SUSPENDED,)),
    Queue("overdue", _("超时"), _("没有超时的案卷，很好。"), has="late", group="watch", alarming=True),
    Queue("supervised", pgettext_lazy("queue", "督办"), _("领导督办的案卷会出现在这里。"),
          has="supervised", group="watch"),
    Queue("doubtful", _("位置存疑"), _("位置不可靠、需要人看一眼的案卷会出现在这里。"),
          (_P.CASE_CLASSIFY,), (_S.REPORTED, _S.ACCEPTED), has="doubtful", group="watch"),
    Queue("open", _("全部在办"), _("没有在办的案卷。"), group="all"),
    Queue("closed", _("近 30 天办结"), _("近 30 天没有办结的案卷。"), group="all",
          span="closed", newest_first=True),
    Queue("all", _("全部案卷"), _("没有符合条件的案卷。"), group="all", span="all",
          newest_first=True, counted=False),
)  # fmt: skip

GROUPS = {"stage": _("待办"), "watch": _("盯住"), "all": _("查找")}


def queues_for(permissions: frozenset[Permission]) -> list[Queue]:
    """The queues a person with these permissions is shown, in the order of the table."""
    return [queue for queue in QUEUES if permissions & set(queue.needs)]


def chosen(queues: list[Queue], key: str | None) -> Queue:
    """The queue of that key, else the first one."""
    return next((queue for queue in queues if queue.key == key), queues[0])
