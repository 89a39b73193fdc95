"""How a case is told in one line: where it is, whose it is, why it is late."""

from django.utils.translation import gettext as _

from yiwang.kernel import catalogue
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.territory import place


def area_name(division_id: int | None) -> str:
    """The name of a division, or that there is none."""
    found = place(division_id) if division_id else None
    return found.name if found else _("未定位")


def kind_name(category_id: int | None) -> str:
    """The name of a category in the reader's language, or that there is none."""
    entry = catalogue.book().category(category_id) if category_id else None
    return entry.title if entry else _("未分类")


def why_late(case: Case, *, asked: bool = False) -> list[str]:
    """The reasons a case stands still, the main one first; from the case alone, no query."""
    return [_main(case), *(_("有申请等待审批") for _asked in range(asked)), *_history(case)]


def _main(case: Case) -> str:
    unit = case.lead_unit.name if case.lead_unit else _("责任单位")
    sentences = {
        Stage.REPORTED: _("受理台还没有受理"),
        Stage.ACCEPTED: _("退单后还没有重新派遣") if case.return_count else _("还没有派给单位"),
        Stage.DISPATCHED: _("%(unit)s还没有签收") % {"unit": unit},
        Stage.HANDLING: _("%(unit)s还没有办完") % {"unit": unit},
        Stage.SUSPENDED: _("挂账中"),
        Stage.REPORTED_BACK: _("%(unit)s已反馈，还没有人核查") % {"unit": unit},
    }
    return sentences.get(Stage(case.stage), "")


def _history(case: Case) -> list[str]:
    told = [
        (case.return_count, _("退单 %(count)d 次")),
        (case.rework_count, _("返工 %(count)d 次")),
        (case.extension_count, _("延期 %(count)d 次")),
        (case.suspension_count, _("挂账 %(count)d 次")),
        (case.reopen_count, _("重办 %(count)d 次")),
    ]
    return [sentence % {"count": count} for count, sentence in told if count]
