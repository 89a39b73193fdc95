"""The case page: whole for a browser, its inner part for the pane of the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import LEVEL_NAMES, RATING_NAMES
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.organisation.duties import holds
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk import names
from yiwang.web.desk.case import filing, history, pictures, thinking, voices
from yiwang.web.desk.case.deeds import deeds_of
from yiwang.web.desk.case.forms import MoveForm
from yiwang.web.desk.case.sight import Sight, fetch
from yiwang.web.desk.case.undo_bar import Bar, bar_of
from yiwang.web.desk.looks import channel_of, stage_name
from yiwang.web.desk.needs import TO_READ_A_CASE
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import is_fragment, show
from yiwang.web.kit.states import state_of


@page(TO_READ_A_CASE, methods=("GET", "HEAD"))
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case. `open` names the move whose form stands open, `q` a search for a kind."""
    sight = fetch(signed_in(request), now(request), number=number)
    bar = bar_of(request, sight.case) if "undo" in request.GET else None
    return answer(request, sight, opened=request.GET.get("open", ""), undo=bar)


@page(TO_READ_A_CASE, methods=("GET", "HEAD"))
def by_id(request: HttpRequest, case_id: int) -> HttpResponse:
    """From the id, as notices and the record have it, to the address with the number."""
    visible = Case.objects.visible_to(signed_in(request), at=now(request))
    number = visible.filter(pk=case_id).values_list("number", flat=True).first()
    if number is None:
        raise Missing(_("没有这件案卷，或者它不在您的职责范围内。"))
    return redirect("cases:case", number)


def answer(
    request: HttpRequest,
    sight: Sight,
    *,
    opened: str = "",
    form: MoveForm | None = None,
    said: str = "",
    kept: str = "",
    undo: Bar | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw a case. `said` is a sentence above everything, `kept` what was typed into a form that is gone."""
    context = context_of(sight, request.GET.get("q", "")[:60], opened, form)
    context |= {"said": said, "kept": kept, "in_pane": is_fragment(request), "undo": undo}
    return show(request, "desk/case.html", "desk/case/pane.html", context, status=status)


def context_of(sight: Sight, query: str, opened: str, form: MoveForm | None) -> dict[str, object]:
    """Everything the page shows."""
    neighbours = thinking.neighbours_of(sight)
    near = neighbours[0].near.case.number if neighbours else ""
    deeds = deeds_of(sight, opened, form, near)
    case = sight.case
    inspects = case.confidential and holds(
        sight.user, Permission.INSPECT_VIEW, at=sight.at, area_path=case.area_path
    )
    return {
        "inspects": inspects,
        "subject": subject_of(case) if inspects else "",
        "sight": sight,
        "case": case,
        "look": state_of(case, sight.at),
        "stage": stage_name(case.stage),
        "point": f"{case.lon},{case.lat}",
        "level": _(LEVEL_NAMES[case.level]),
        "area": names.long_area(case.area_path),
        "category": names.category_lineage(case.category_id),
        "channel": channel_of(case.channel),
        "voices": voices.voices_of(sight),
        "album": pictures.album_of(sight),
        "thoughts": thinking.thoughts_of(sight),
        "neighbours": neighbours,
        "deeds": deeds,
        "more": any(not deed.first for deed in deeds),
        "groups": _groups(sight, query, form),
        "query": query,
        "events": history.events_of(sight),
        "stages": history.stages_of(sight),
        "ratings": [(key, _(name)) for key, name in RATING_NAMES.items()],
        "may_answer_all": sight.may(Permission.REPORT_ANSWER) and _waiting(sight) > 1,
        "waiting": _waiting(sight),
        "may_enter": holds(sight.user, Permission.REPORT_TAKE, at=sight.at),
    }


def _waiting(sight: Sight) -> int:
    """Voices without an answer, where one may still be given."""
    return sum(report.answered_at is None for report in sight.reports)


def subject_of(case: Case) -> str:
    """Whom a matter about staff is about, as an inspector typed it."""
    if case.about_user is not None:
        return case.about_user.username
    return case.about_unit.name if case.about_unit is not None else ""


def _groups(sight: Sight, query: str, form: MoveForm | None) -> list[filing.Group]:
    case = sight.case
    held = f"{case.category_id}:{case.condition_id}" if case.category_id else ""
    typed = form.data.get("filing", "") if form is not None else ""
    text = "\n".join([case.title, *(report.text for report in sight.reports[:3])])
    return filing.groups(text, typed or held, query)
