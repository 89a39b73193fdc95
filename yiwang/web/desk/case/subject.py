"""An inspector says whom a matter about staff is about, so that it is hidden from them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.actions.confidence import name_subject
from yiwang.kernel.foundation.errors import Invalid, Refused
from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.case.moves import after
from yiwang.web.desk.case.pages import answer
from yiwang.web.desk.case.sight import fetch
from yiwang.web.kit.access import now, page, signed_in


@page(Permission.INSPECT_VIEW, methods=("POST",))
def name(request: HttpRequest, case_id: int) -> HttpResponse:
    """One person by sign-in name, or one unit by name; nothing typed takes it back."""
    sight = fetch(signed_in(request), now(request), pk=case_id)
    try:
        person, unit = _meant(request.POST.get("subject", "").strip()[:80])
        name_subject(case_id, by=sight.user, at=sight.at, user_id=person, unit_id=unit)
    except Refused as refused:
        return answer(request, sight, said=str(refused.sentence), status=refused.status)
    messages.success(request, _("已登记反映的对象"))
    return after(request, sight)


def _meant(typed: str) -> tuple[int | None, int | None]:
    """Return the person or the unit that was typed.

    Raises:
        Invalid: nobody has that name, or several have it.
    """
    if not typed:
        return None, None
    people = list(User.objects.filter(username=typed).values_list("pk", flat=True)[:2])
    people = people or list(
        User.objects.filter(display_name=typed).values_list("pk", flat=True)[:2]
    )
    if len(people) == 1:
        return people[0], None
    if people:
        raise Invalid(_("有几个人叫这个名字，请填登录名"), field="subject")
    unit = Unit.objects.filter(name=typed).values_list("pk", flat=True).first()
    if unit is None:
        raise Invalid(_("没有这个人，也没有这个单位"), field="subject")
    return None, unit
