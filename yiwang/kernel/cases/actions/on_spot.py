"""Seen, settled and reported in one go (自行处置): a report and its settlement, both or neither."""

from datetime import datetime
from typing import Unpack

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.actions.intake import Receipt, take_report
from yiwang.kernel.cases.actions.perform import perform
from yiwang.kernel.cases.actions.turn import Given
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.intake import NewReport
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Missing
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as


def report_solved(new: NewReport, *, by: User, at: datetime, **given: Unpack[Given]) -> Receipt:
    """Take a report in and settle it on the spot in one transaction; sent again, it is taken once.

    `given` is what the move `solve_on_spot` needs: note, category_id, condition_id, photo_ids (after the work).

    Raises:
        Invalid, Conflict: as `take_report`. Invalid, Forbidden: as the move; then nothing was taken in either.
        Conflict: the same id was settled before with another result.
    """
    with speaking_as(by):
        receipt = take_report(new, by=by, at=at)
        if receipt.repeated:
            _refuse_other_result(receipt, given.get("note", "").strip())
        else:
            _settle(receipt.case_id, by, at, given)
    return receipt


def _settle(case_id: int, by: User, at: datetime, given: Given) -> None:
    """Settle what was just taken in; beyond one's own land the case cannot even be seen.

    Raises:
        Forbidden: the place is not this person's to settle.
    """
    try:
        perform(case_id, "solve_on_spot", by=by, at=at, **given)
    except Missing as error:
        raise Forbidden(Sentence(N_("您没有办理这一步的权限"))) from error


def _refuse_other_result(receipt: Receipt, note: str) -> None:
    case = Case.objects.get(pk=receipt.case_id)
    if case.result != note:
        raise Conflict(
            Sentence(N_("这个编号的诉求已经收到，内容不同，请重新填写后提交")), code="other_content"
        )
