"""The table of moves: from where, by whom, what it needs, where it leads, which clocks it stops and starts.

Buttons, the API, the phone and the tests read this table; the moves' effects beyond the table (a task is made,
reports change their case) stand in `actions/`. Wording after GB/T 30428 and the field's daily use.
"""

from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.cases.rules.stages import ClockStage, Stage
from yiwang.kernel.foundation.sentences import N_


class Need(StrEnum):
    """What the person must give with a move. Evidence is asked for by the category's condition."""

    REASON = "reason"
    NOTE = "note"
    CATEGORY = "category"
    PLACE = "place"
    UNIT = "unit"
    HANDLER = "handler"
    CASE = "target"
    UNTIL = "until"
    EVIDENCE = "evidence"


class Subject(StrEnum):
    """Whose door the move stands at: the case in an area, or the task of a unit."""

    AREA = "area"
    TASK = "task"
    REQUEST = "request"


class Guard(StrEnum):
    """A condition beyond stage and permission; each has one sentence in `judge.py`."""

    NOT_THE_FIXER = "not_the_fixer"
    ASSISTANCE_DONE = "assistance_done"
    ASSISTANCE_OPEN = "assistance_open"
    NO_OPEN_REQUEST = "no_open_request"
    EXTENSIONS_LEFT = "extensions_left"
    NEVER_SUSPENDED = "never_suspended"
    NEVER_REOPENED = "never_reopened"
    LEVEL_ABOVE = "level_above"
    LEVEL_BELOW = "level_below"
    NOT_SUPERVISED = "not_supervised"
    SUPERVISED = "supervised"
    TASK_OFFERED = "task_offered"
    TASK_WORKING = "task_working"
    LEAD_TASK = "lead_task"
    EXTENSION_ASKED = "extension_asked"
    SUSPENSION_ASKED = "suspension_asked"


@dataclass(frozen=True)
class Move:
    """One row of the table.

    `to` is None where the stage stays or the action decides (a failed check of what was solved on the spot goes
    to the desk, of a unit's work back to the unit). `stops` and `starts` name clocks of the case.
    """

    name: str
    label: str
    verb: str
    permission: str
    sources: tuple[Stage, ...]
    to: Stage | None = None
    needs: tuple[Need, ...] = ()
    subject: Subject = Subject.AREA
    guards: tuple[Guard, ...] = ()
    stops: tuple[ClockStage, ...] = ()
    starts: ClockStage | None = None
    key: str = ""
    bulk: bool = False


_R, _A, _D, _H, _S, _B, _C = (
    Stage.REPORTED,
    Stage.ACCEPTED,
    Stage.DISPATCHED,
    Stage.HANDLING,
    Stage.SUSPENDED,
    Stage.REPORTED_BACK,
    Stage.CLOSED,
)
_ALL_CLOCKS = tuple(ClockStage)

MOVES: tuple[Move, ...] = (
    Move("accept", N_("受理"), "case_accepted", "case.accept", (_R,), _A,
         needs=(Need.CATEGORY,), stops=(ClockStage.ACCEPT,), starts=ClockStage.DISPATCH, key="a", bulk=True),
    Move("refuse", N_("不予受理"), "case_refused", "case.refuse", (_R,), Stage.REFUSED,
         needs=(Need.REASON,), stops=(ClockStage.ACCEPT,), key="r"),
    Move("classify", N_("改分类"), "case_classified", "case.classify", (_R, _A),
         needs=(Need.CATEGORY,), key="c"),
    Move("relocate", N_("改位置"), "case_relocated", "case.classify", (_R, _A),
         needs=(Need.PLACE,), key="l"),
    Move("dispatch", N_("派遣"), "case_dispatched", "case.dispatch", (_A,), _D,
         needs=(Need.UNIT,), stops=(ClockStage.DISPATCH,), starts=ClockStage.HANDLE, key="d", bulk=True),
    Move("recall", N_("撤回派遣"), "case_recalled", "case.dispatch", (_D,), _A,
         needs=(Need.REASON,), stops=(ClockStage.HANDLE,), starts=ClockStage.DISPATCH),
    Move("add_assist", N_("增加协办"), "assist_added", "case.dispatch", (_D, _H),
         needs=(Need.UNIT,), key="u"),
    Move("waive_assist", N_("免除协办"), "assist_waived", "case.supervise", (_D, _H),
         needs=(Need.REASON,), guards=(Guard.ASSISTANCE_OPEN,)),
    Move("sign", N_("签收"), "task_signed", "task.handle", (_D, _H),
         subject=Subject.TASK, guards=(Guard.TASK_OFFERED,), key="s", bulk=True),
    Move("return", N_("退单"), "task_returned", "task.handle", (_D, _H),
         needs=(Need.REASON,), subject=Subject.TASK, key="b"),
    Move("pass_on", N_("转交经办人"), "task_passed_on", "task.handle", (_D, _H),
         needs=(Need.HANDLER,), subject=Subject.TASK),
    Move("ask_extension", N_("申请延期"), "extension_asked", "task.handle", (_H,),
         needs=(Need.REASON,), subject=Subject.TASK,
         guards=(Guard.TASK_WORKING, Guard.NO_OPEN_REQUEST, Guard.EXTENSIONS_LEFT)),
    Move("approve_extension", N_("同意延期"), "extension_approved", "case.extend.approve", (_H,),
         subject=Subject.REQUEST, guards=(Guard.EXTENSION_ASKED,)),
    Move("reject_extension", N_("不同意延期"), "extension_rejected", "case.extend.approve", (_H,),
         needs=(Need.REASON,), subject=Subject.REQUEST, guards=(Guard.EXTENSION_ASKED,)),
    Move("ask_suspension", N_("申请挂账"), "suspension_asked", "task.handle", (_H,),
         needs=(Need.REASON, Need.UNTIL), subject=Subject.TASK,
         guards=(Guard.LEAD_TASK, Guard.TASK_WORKING, Guard.NO_OPEN_REQUEST, Guard.NEVER_SUSPENDED)),
    Move("approve_suspension", N_("同意挂账"), "case_suspended", "case.suspend.approve", (_H,), _S,
         subject=Subject.REQUEST, guards=(Guard.SUSPENSION_ASKED,)),
    Move("reject_suspension", N_("不同意挂账"), "suspension_rejected", "case.suspend.approve", (_H,),
         needs=(Need.REASON,), subject=Subject.REQUEST, guards=(Guard.SUSPENSION_ASKED,)),
    Move("resume", N_("恢复办理"), "case_resumed", "case.suspend.approve", (_S,), _H,
         needs=(Need.REASON,)),
    Move("report_back", N_("反馈结果"), "task_reported_back", "task.handle", (_H,),
         needs=(Need.NOTE, Need.EVIDENCE), subject=Subject.TASK,
         guards=(Guard.TASK_WORKING, Guard.ASSISTANCE_DONE), key="f"),
    Move("solve_on_spot", N_("自行处置"), "case_solved_on_spot", "case.solve_on_spot", (_R, _A), _B,
         needs=(Need.CATEGORY, Need.NOTE, Need.EVIDENCE),
         stops=(ClockStage.ACCEPT, ClockStage.DISPATCH), starts=ClockStage.VERIFY),
    Move("pass_check", N_("核查通过"), "case_closed", "case.verify", (_B,), _C,
         guards=(Guard.NOT_THE_FIXER,), stops=(ClockStage.VERIFY,), key="y"),
    Move("fail_check", N_("核查不通过（返工）"), "case_sent_back", "case.verify", (_B,),
         needs=(Need.REASON,), guards=(Guard.NOT_THE_FIXER,), stops=(ClockStage.VERIFY,), key="n"),
    Move("reopen", N_("重办"), "case_reopened", "report.call_back", (_C,), _A,
         needs=(Need.REASON,), guards=(Guard.NOT_THE_FIXER, Guard.NEVER_REOPENED),
         starts=ClockStage.DISPATCH),
    Move("merge", N_("合并"), "case_merged", "case.merge", (_R, _A), Stage.MERGED,
         needs=(Need.CASE,), stops=_ALL_CLOCKS, key="m"),
    Move("unmerge", N_("取消合并"), "case_unmerged", "case.merge", (Stage.MERGED,), _A,
         needs=(Need.REASON,), starts=ClockStage.DISPATCH),
    Move("escalate", N_("提级"), "case_escalated", "case.escalate", (_R, _A, _D, _H), _A,
         needs=(Need.REASON,), guards=(Guard.LEVEL_ABOVE,), stops=_ALL_CLOCKS,
         starts=ClockStage.DISPATCH, key="e"),
    Move("hand_down", N_("下派"), "case_handed_down", "case.escalate", (_R, _A), _A,
         needs=(Need.REASON,), guards=(Guard.LEVEL_BELOW,), stops=_ALL_CLOCKS,
         starts=ClockStage.DISPATCH),
    Move("supervise", N_("督办"), "case_supervised", "case.supervise", (_R, _A, _D, _H, _S, _B),
         needs=(Need.REASON,), guards=(Guard.NOT_SUPERVISED,), key="w"),
    Move("lift_supervision", N_("解除督办"), "supervision_lifted", "case.supervise",
         (_R, _A, _D, _H, _S, _B), needs=(Need.REASON,), guards=(Guard.SUPERVISED,)),
    Move("void", N_("作废"), "case_voided", "case.void", (_R, _A, _D, _H, _S, _B, _C, Stage.REFUSED),
         Stage.VOID, needs=(Need.REASON,), stops=_ALL_CLOCKS),
)  # fmt: skip

BY_NAME: dict[str, Move] = {move.name: move for move in MOVES}

EXTENSIONS_AT_MOST = 2
"""An extension adds one original limit; domain.md section 3: at most two approvals."""

SUSPENSION_AT_MOST_DAYS = 365
"""挂账: once, at most a year."""

REASON_AT_MOST = 2000
"""Characters of a reason or note."""
