"""Bulk moves: what became of each case is shown, one line each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.moves import BY_NAME, Move, Need
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.web.desk.needs import AT_THE_DESK, IN_A_UNIT
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import is_fragment

AT_ONCE = 100


@dataclass(frozen=True)
class Line:
    """One case of a bulk move: done, or the sentence why not."""

    number: str
    title: str
    why_not: str = ""


@page((*AT_THE_DESK, *IN_A_UNIT), methods=("POST",), one_transaction=False)
def bulk(request: HttpRequest) -> HttpResponse:
    """Make the move on every ticked case that the reader may see."""
    user, at = signed_in(request), now(request)
    move = _move(request.POST.get("move", ""))
    picked = _picked(request.POST.getlist("case"))
    with speaking_as(user):
        found = list(Case.objects.visible_to(user, at=at).filter(pk__in=picked).order_by("id"))
    lines = _make(found, move, request.POST.get("unit_id", ""), user, at)
    done = sum(not line.why_not for line in lines)
    back = request.POST.get("back", "")
    context: dict[str, object] = {
        "move": _(move.label),
        "lines": lines,
        "done": done,
        "refused": len(lines) - done,
        "back": back if back.startswith(("/desk/", "/unit/")) else "/desk/",
    }
    return _answer(request, context)


def _answer(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    if not is_fragment(request):
        return render(request, "desk/bulk.html", context)
    response = render(request, "desk/bulk/outcome.html", context)
    response["HX-Trigger"] = "yw-moved"
    return response


def _move(name: str) -> Move:
    move = BY_NAME.get(name)
    if move is None or not move.bulk:
        raise Invalid(_("这一步不能批量办理"), field="move")
    return move


def _picked(given: list[str]) -> list[int]:
    """The ticked ids.

    Raises:
        Invalid: none, or too many at once.
    """
    ids = {int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 19}
    if not ids:
        raise Invalid(_("请先勾选案卷"), field="case")
    if len(ids) > AT_ONCE:
        raise Invalid(_("一次最多办理 %(most)s 件") % {"most": AT_ONCE}, field="case")
    return sorted(ids)


def _make(found: list[Case], move: Move, unit: str, user: User, at: datetime) -> list[Line]:
    """Make the move case by case; without a chosen unit each goes where the rules suggest."""
    why_not: dict[int, str] = {}
    for unit_id, some in _by_unit(found, move, unit).items():
        given = {} if unit_id is None else {"unit_id": unit_id}
        ids = [case.pk for case in some]
        for outcome in cases.perform_many(ids, move.name, by=user, at=at, **given):  # type: ignore[arg-type]  # a TypedDict built by hand
            if outcome.refused is not None:
                why_not[outcome.case_id] = str(outcome.refused.sentence)
    return [Line(case.number, case.title, why_not.get(case.pk, "")) for case in found]


def _by_unit(found: Iterable[Case], move: Move, unit: str) -> dict[int | None, list[Case]]:
    groups: dict[int | None, list[Case]] = defaultdict(list)
    chosen = int(unit) if unit.isascii() and unit.isdigit() else None
    for case in found:
        groups[(chosen or case.suggested_unit_id) if Need.UNIT in move.needs else None].append(case)
    return groups
