"""The words of a notice: one sentence for each event. Pure: no Django.

Names of events are those of the audit trail (`case_dispatched`). A sentence may use what its resolver gives;
%(number)s is the number of the subject, %(unit)s a unit, %(due)s a moment as people say it.
"""

import re
from collections.abc import Mapping

from yiwang.kernel.foundation.sentences import N_, Sentence

Param = str | int

ANYTHING_ELSE = N_("%(number)s 有新进展")
WORDING: dict[str, str] = {
    "case_reported": N_("新诉求 %(number)s 待受理"),
    "question_asked": N_("群众就 %(number)s 提了问题，请答复"),
    "case_accepted": N_("案卷 %(number)s 已受理，待派遣"),
    "case_refused": N_("案卷 %(number)s 不予受理"),
    "case_dispatched": N_("案卷 %(number)s 已派给%(unit)s，请在 %(due)s 前处置"),
    "case_recalled": N_("案卷 %(number)s 的派遣已撤回，无需再处置"),
    "assist_added": N_("请%(unit)s协办案卷 %(number)s"),
    "assist_waived": N_("案卷 %(number)s 已免除%(unit)s的协办"),
    "task_signed": N_("%(unit)s已签收案卷 %(number)s"),
    "task_returned": N_("%(unit)s退回了案卷 %(number)s，请重新派遣"),
    "task_passed_on": N_("案卷 %(number)s 已转交给您办理"),
    "extension_asked": N_("%(unit)s申请案卷 %(number)s 延期，请审批"),
    "extension_approved": N_("案卷 %(number)s 的延期申请已同意，新时限 %(due)s"),
    "extension_rejected": N_("案卷 %(number)s 的延期申请未获同意"),
    "suspension_asked": N_("%(unit)s申请案卷 %(number)s 挂账，请审批"),
    "case_suspended": N_("案卷 %(number)s 已挂账，时限暂停"),
    "suspension_rejected": N_("案卷 %(number)s 的挂账申请未获同意"),
    "case_resumed": N_("案卷 %(number)s 已恢复办理，时限继续计算"),
    "task_reported_back": N_("%(unit)s已反馈案卷 %(number)s，待核查"),
    "case_solved_on_spot": N_("案卷 %(number)s 已自行处置，待他人核查"),
    "case_sent_back": N_("案卷 %(number)s 核查未通过，请返工"),
    "case_closed": N_("案卷 %(number)s 核查通过，已办结"),
    "case_reopened": N_("案卷 %(number)s 重新办理"),
    "case_merged": N_("案卷 %(number)s 已并入另一件案卷"),
    "case_unmerged": N_("案卷 %(number)s 已取消合并，请单独办理"),
    "case_escalated": N_("案卷 %(number)s 已提级，请办理"),
    "case_handed_down": N_("案卷 %(number)s 已下派，请办理"),
    "case_supervised": N_("案卷 %(number)s 已列入督办"),
    "supervision_lifted": N_("案卷 %(number)s 已解除督办"),
    "case_voided": N_("案卷 %(number)s 已作废"),
    "clock_due_soon": N_("案卷 %(number)s 将于 %(due)s 到期"),
    "clock_overdue": N_("案卷 %(number)s 已超时，时限为 %(due)s"),
    "case_late_to_leader": N_("案卷 %(number)s 超时未办，请督办"),
    "case_rated": N_("群众已评价案卷 %(number)s"),
    "work_handed_over": N_("%(number)s 件在办案卷已移交给您"),
}
# Where the clock has stopped before somebody is told, no moment is named.
WITHOUT_DUE: dict[str, str] = {
    "case_dispatched": N_("案卷 %(number)s 已派给%(unit)s"),
    "extension_approved": N_("案卷 %(number)s 的延期申请已同意"),
    "clock_due_soon": N_("案卷 %(number)s 快要到期"),
    "clock_overdue": N_("案卷 %(number)s 已超时"),
}
# What a resident is told; {link} is theirs, with the follow code.
TO_RESIDENTS: dict[str, str] = {
    "report_received": N_("您反映的事项已收到，编号 %(number)s"),
    "report_closed": N_("您反映的事项 %(number)s 已办结，请您评价"),
}
# Several notices of one night in one message.
DIGEST = "digest"
DIGEST_WORDING = N_("夜间有 %(count)s 条通知")

_PLACE = re.compile(r"%\((\w+)\)s")


def wording_of(event: str, params: Mapping[str, Param], wording: str | None = None) -> Sentence:
    """Return the sentence of an event; a place nothing was given for shows a dash."""
    known = WORDING if "due" in params else {**WORDING, **WITHOUT_DUE}
    msgid = wording or known.get(event, ANYTHING_ELSE)
    return Sentence(msgid, {name: params.get(name, "—") for name in _PLACE.findall(msgid)})


def key_of(
    event: str, subject_type: str, subject_id: str, at: str, extra: Mapping[str, object]
) -> str:
    """Return what makes one happening one: telling it twice is telling it once."""
    rest = ",".join(f"{name}={extra[name]}" for name in sorted(extra))
    return f"{event}:{subject_type}:{subject_id}:{at}:{rest}"
