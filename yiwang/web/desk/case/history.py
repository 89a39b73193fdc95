"""The timeline of a case and how long each stage took, both read from the record."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.rules.moves import MOVES
from yiwang.kernel.cases.rules.stages import OPEN_STAGES, Stage
from yiwang.kernel.foundation.audit import Entry
from yiwang.web.desk import names
from yiwang.web.desk.case.sight import Sight
from yiwang.web.desk.looks import stage_name

VERBS: dict[str, Any] = {move.verb: gettext_lazy(move.label) for move in MOVES} | {
    "case_reported": gettext_lazy("收到诉求，建立案卷"),
    "report_joined": gettext_lazy("又有人反映同一件事"),
    "reports_joined": gettext_lazy("另一件案卷并入"),
    "reports_left": gettext_lazy("并入的案卷分出"),
    "report_split_off": gettext_lazy("拆出一条诉求"),
    "case_split_off": gettext_lazy("从另一件案卷拆出"),
    "report_answered": gettext_lazy("答复诉求人"),
    "report_called_back": gettext_lazy("回访"),
    "reporter_not_reached": gettext_lazy("回访，没有接通"),
    "reporter_read": gettext_lazy("查看反映人姓名电话"),
    "reporter_unreachable": gettext_lazy("三个半天没有接通，记为联系不上"),
    "rating_refused": gettext_lazy("回访，不愿评价"),
    "call_put_off": gettext_lazy("回访，请换个时间再打"),
    "number_opened": gettext_lazy("经办人打开号码联系诉求人"),
    "subject_named": gettext_lazy("登记反映的对象"),
    "reporter_texted": gettext_lazy("打开反映人电话，发送短信"),
    "case_rated": gettext_lazy("群众评价"),
    "resident_confirmed": gettext_lazy("群众确认已解决"),
    "resident_denied": gettext_lazy("群众说没有解决"),
    "question_asked": gettext_lazy("群众追问或补充"),
    "photo_published": gettext_lazy("公开一张照片"),
    "photo_withdrawn": gettext_lazy("撤回一张公开的照片"),
    "video_published": gettext_lazy("公开一段视频"),
    "video_withdrawn": gettext_lazy("撤回一段公开的视频"),
    "document_published": gettext_lazy("公开一个文件"),
    "document_withdrawn": gettext_lazy("撤回一个公开的文件"),
    "task_handed_over": gettext_lazy("随岗位移交经办人"),
    "case_undone": gettext_lazy("撤销了上一步"),
    "clock_due_soon": gettext_lazy("将到期，已提醒"),
    "clock_overdue": gettext_lazy("超时，已通知"),
    "case_late_to_leader": gettext_lazy("超时未办，已报领导并列入督办"),
    "deadline_recomputed": gettext_lazy("放假安排公布，时限重算"),
    "case_imported": gettext_lazy("由历史数据导入"),
    "text_erased": gettext_lazy("依法清除文字"),
    "contact_erased": gettext_lazy("到期清除反映人姓名电话"),
    "attachments_erased": gettext_lazy("到期清除照片、录音或文件"),
}

_FIRST = ("case_reported", "case_imported")
_SAID = ("reason", "note", "answer", "question")

_LOOKS = {
    "case_closed": "done",
    "clock_overdue": "late",
    "case_late_to_leader": "late",
    "clock_due_soon": "soon",
    "task_returned": "soon",
    "case_sent_back": "soon",
    "case_reopened": "soon",
    "case_suspended": "paused",
    "case_refused": "off",
    "case_voided": "off",
    "case_merged": "off",
}


def events_of(sight: Sight) -> list[dict[str, Any]]:
    """Rows for the kit's timeline, oldest first."""
    units = {task.unit_id: task.unit.name for task in sight.tasks}
    lengths = _lengths(sight.entries)
    absent = _absent(sight.entries)
    return [
        {
            "what": VERBS.get(entry.verb, entry.verb),
            "at": entry.at,
            "who": _who(entry, absent),
            "note": _note(entry, sight, units),
            "state": _LOOKS.get(entry.verb, "open"),
            "took": lengths.get(entry.seq),
        }
        for entry in sight.entries
    ]


def _absent(entries: list[Entry]) -> dict[int, str]:
    """The names of those on whose behalf somebody acted; no query where nobody did."""
    ids = {key for entry in entries for key in entry.facts.get("for", ())}
    rows = User.objects.filter(pk__in=ids) if ids else User.objects.none()
    return dict(rows.values_list("pk", "display_name"))


def _who(entry: Entry, absent: Mapping[int, str]) -> str:
    if entry.actor_kind == "system":
        return _("系统")
    name = entry.actor_name or _("居民")
    others = [absent[key] for key in entry.facts.get("for", ()) if key in absent]
    if not others:
        return name
    return _("%(name)s（代%(others)s）") % {"name": name, "others": "、".join(others)}


def _note(entry: Entry, sight: Sight, units: Mapping[int, str]) -> str:
    """What was said, then what the facts name; the words of a report stand with the reports."""
    if entry.erased:
        return _("（文字已依法清除）")
    said = [entry.texts[key] for key in _SAID if entry.texts.get(key)]
    return "\n".join([*_facts(entry, units), *said])


def _facts(entry: Entry, units: Mapping[int, str]) -> list[str]:
    facts, found = entry.facts, []
    if entry.verb in ("case_dispatched", "assist_added") and facts.get("unit") in units:
        found.append(units[facts["unit"]])
    if entry.verb in ("case_accepted", "case_classified") and facts.get("category"):
        found.append(names.category_lineage(facts["category"]))
    if facts.get("target"):
        found.append(_("并入 %(number)s") % {"number": facts["target"]})
    if facts.get("source"):
        found.append(str(facts["source"]))
    if facts.get("in_time") is False:
        found.append(_("超出时限"))
    return found


def _changes(entries: list[Entry]) -> list[tuple[Entry, str]]:
    """The rows at which the case came into another stage, with that stage."""
    found: list[tuple[Entry, str]] = []
    for entry in entries:
        to = str(entry.facts.get("to") or (Stage.REPORTED if entry.verb in _FIRST else ""))
        if to and (not found or to != found[-1][1]):
            found.append((entry, to))
    return found


def _lengths(entries: list[Entry]) -> dict[int, timedelta]:
    """How long the stage lasted that ended with a row: row number → time."""
    return {
        after.seq: after.at - before.at
        for (before, _from), (after, _to) in pairwise(_changes(entries))
    }


def stages_of(sight: Sight) -> list[dict[str, Any]]:
    """Parts for the kit's stage bar: each stage the case was in, with pauses and the late end of the running one."""
    changes = _changes(sight.entries)
    ended = [
        _part(stage, after.at - before.at) for (before, stage), (after, _to) in pairwise(changes)
    ]
    if not changes or changes[-1][1] not in OPEN_STAGES:
        return ended
    last, stage = changes[-1]
    return ended + _running(sight, stage, last.at)


def _running(sight: Sight, stage: str, since: datetime) -> list[dict[str, Any]]:
    due = sight.case.clock_due_at
    if due is None or due >= sight.at:
        return [_part(stage, sight.at - since)]
    if due <= since:
        return [_part(stage, sight.at - since, late=True)]
    return [_part(stage, due - since), _part(stage, sight.at - due, late=True)]


def _part(stage: str, span: timedelta, *, late: bool = False) -> dict[str, Any]:
    return {
        "name": stage_name(stage),
        "span": span,
        "paused": stage == Stage.SUSPENDED,
        "late": late,
    }
