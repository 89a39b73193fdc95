"""Postings: appointing somebody, ending a posting, naming a deputy, passing it on with its open work."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yiwang.kernel import organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.rules import normalised_username
from yiwang.kernel.cases.models import Task
from yiwang.kernel.cases.rules.stages import OPEN_TASKS
from yiwang.kernel.foundation.errors import Invalid, Stale
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.organisation.models import GRID_DUTY_NAMES, ROLE_NAMES, Post, Posting, Unit
from yiwang.kernel.organisation.rules import GridDuty, Role
from yiwang.kernel.territory.models import Division
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office import places
from yiwang.web.office.forms import STALE, DayInput, IdChoice, mark, offer, tried
from yiwang.web.office.needs import PEOPLE
from yiwang.web.office.staff.accounts import fetch as fetch_person

MOST_NAMES = 2000


class AppointForm(forms.Form):
    """Where somebody is posted, as what, and from when to when."""

    unit = IdChoice(label=gettext_lazy("单位"))
    role = forms.ChoiceField(
        label=gettext_lazy("角色"),
        choices=[(role.value, name) for role, name in ROLE_NAMES.items()],
    )
    area = IdChoice(
        label=gettext_lazy("区域"), help_text=gettext_lazy("网格员选网格；其他人选管到的范围")
    )
    duty = forms.ChoiceField(
        label=gettext_lazy("网格职责"), required=False, help_text=gettext_lazy("只用于网格员")
    )
    post = IdChoice(label=gettext_lazy("岗位"), required=False)
    starts_on = forms.DateField(label=gettext_lazy("到岗日期"), widget=DayInput)
    ends_on = forms.DateField(
        label=gettext_lazy("离岗日期"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("第一个不在岗的日子；没有定就留空"),
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        offer(self, "unit", list(Unit.objects.active().values_list("pk", "name")))
        offer(self, "area", places.choices())
        duties = [(duty.value, name) for duty, name in GRID_DUTY_NAMES.items()]
        offer(self, "duty", [("", "—"), *duties])
        posts = Post.objects.select_related("unit").order_by("unit__code", "title")
        offer(self, "post", [("", "—"), *((p.pk, f"{p.unit.name} {p.title}") for p in posts)])


class EndForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("离岗日期"),
        widget=DayInput,
        help_text=gettext_lazy("第一个不在岗的日子"),
    )


class PersonField(forms.CharField):
    """A person by user name, with the names to choose from beside it."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(
            attrs={"list": "people", "autocomplete": "off", "autocapitalize": "none"}
        )
        super().__init__(
            max_length=140, widget=widget, help_text=gettext_lazy("输入姓名或用户名后选择"), **more
        )


class StandInForm(forms.Form):
    deputy = PersonField(label=gettext_lazy("替岗人员"))
    starts_on = forms.DateField(label=gettext_lazy("从哪天起"), widget=DayInput)
    ends_on = forms.DateField(
        label=gettext_lazy("到哪天止"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("第一个不再替岗的日子；没有定就留空"),
    )


class ReassignForm(forms.Form):
    to = PersonField(label=gettext_lazy("接任者"))
    on = forms.DateField(label=gettext_lazy("交接日期"), widget=DayInput)


def person_of(text: str, field: str) -> User:
    """Who is meant by "zhang.min 张敏", by a user name, or by a name only one person has.

    Raises:
        Invalid: nobody, or several.
    """
    said = text.strip()
    first = normalised_username(said.split(" ")[0]) if said else ""
    found = User.objects.filter(username=first).first()
    if found is not None:
        return found
    named = list(User.objects.filter(display_name=said, is_active=True)[:2])
    if len(named) == 1:
        return named[0]
    sentence = _("有几个人叫“%(text)s”，请写用户名") if named else _("没有这个人：%(text)s")
    raise Invalid(sentence % {"text": said}, field=field)


@page(PEOPLE)
def appoint(request: HttpRequest, user_id: int) -> HttpResponse:
    """Post a person."""
    user, at = signed_in(request), now(request)
    found = fetch_person(request, user_id)
    start = {name: request.GET.get(name) for name in ("unit", "area", "role", "duty")}
    form = AppointForm(request.POST or None, initial={**start, "starts_on": day_of(at)})
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _appoint(found, form.cleaned_data, user, at))
        if not status:
            messages.success(request, _("已任命 %(name)s") % {"name": found.display_name})
            return go(request, reverse("office:person", args=[found.pk]))
    context = {"form": form, "person": found}
    return render(request, "office/staff/appoint.html", context, status=status)


def _appoint(found: User, said: dict[str, Any], user: User, at: datetime) -> Posting:
    return organisation.appoint(
        found,
        unit=Unit.objects.get(pk=said["unit"]),
        role=Role(said["role"]),
        area=Division.objects.get(pk=said["area"]),
        duty=GridDuty(said["duty"]),
        post=Post.objects.get(pk=said["post"]) if said["post"] else None,
        starts_on=said["starts_on"],
        ends_on=said["ends_on"],
        by=user,
        at=at,
    )


def _fetch(request: HttpRequest, posting_id: int) -> Posting:
    rows = Posting.objects.select_related("user", "unit", "area", "post", "stands_in_for__user")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows, pk=posting_id)


def open_work(posting: Posting) -> int:
    """Tasks in hand that would go along with the posting."""
    return Task.objects.filter(
        handler=posting.user_id,
        unit=posting.unit_id,
        state__in=OPEN_TASKS,
        case__confidential=False,
    ).count()


def _seen(posting: Posting) -> str:
    return mark((posting.pk, posting.user_id, posting.starts_on, posting.ends_on))


FORMS: dict[str, type[forms.Form]] = {
    "end": EndForm,
    "stand_in": StandInForm,
    "reassign": ReassignForm,
}
TEMPLATE = "office/staff/posting.html"


@page(PEOPLE)
def posting(request: HttpRequest, posting_id: int) -> HttpResponse:
    """One posting with its deputies; a POST does what `do` says: end, stand_in or reassign."""
    found = _fetch(request, posting_id)
    do = request.POST.get("do", "")
    given = _blank(request, found)
    status = 200
    if request.method == "POST" and do in FORMS:
        form = given[do] = FORMS[do](request.POST, auto_id=f"{do}_%s")
        said: list[str] = []
        status = tried(form, lambda: said.append(_do(request, found, do, form.cleaned_data)))
        if not status:
            messages.success(request, said[0])
            return go(request, reverse("office:person", args=[found.user_id]))
    return _shown(request, found, given, do, status)


def _blank(request: HttpRequest, found: Posting) -> dict[str, forms.Form]:
    first = max(day_of(now(request)), found.starts_on)
    return {
        name: form(auto_id=f"{name}_%s", initial={"on": first, "starts_on": first})
        for name, form in FORMS.items()
    }


def _do(request: HttpRequest, found: Posting, do: str, said: dict[str, Any]) -> str:
    """Do it; returns what to tell the reader."""
    if done := _done_already(found, do, said):
        return done
    if request.POST.get("seen") != _seen(found):
        raise Stale(STALE)
    deeds: dict[str, Callable[[Posting, dict[str, Any], User, datetime], str]] = {
        "end": _end,
        "stand_in": _stand_in,
        "reassign": _reassign,
    }
    return deeds[do](found, said, signed_in(request), now(request))


def _done_already(found: Posting, do: str, said: dict[str, Any]) -> str:
    """What to tell a reader whose form came twice; "" when there is something to do."""
    if do == "stand_in" or found.ends_on is None or found.ends_on != said["on"]:
        return ""
    if do == "end":
        return _ended(found, said)
    to = person_of(said["to"], "to")
    same = {"unit": found.unit, "role": found.role, "area": found.area}
    successors = Posting.objects.own().filter(user=to, starts_on=said["on"], **same)
    return _("%(name)s 已接任") % {"name": to.display_name} if successors.exists() else ""


def _end(found: Posting, said: dict[str, Any], user: User, at: datetime) -> str:
    organisation.end_posting(found, by=user, at=at, on=said["on"])
    return _ended(found, said)


def _ended(found: Posting, said: dict[str, Any]) -> str:
    return _("%(name)s 的任职到 %(day)s 结束") % {
        "name": found.user.display_name,
        "day": said["on"].isoformat(),
    }


def _stand_in(found: Posting, said: dict[str, Any], user: User, at: datetime) -> str:
    deputy = person_of(said["deputy"], "deputy")
    organisation.stand_in(
        found, deputy=deputy, by=user, at=at, starts_on=said["starts_on"], ends_on=said["ends_on"]
    )
    return _("%(deputy)s 替 %(name)s 的岗") % {
        "deputy": deputy.display_name,
        "name": found.user.display_name,
    }


def _reassign(found: Posting, said: dict[str, Any], user: User, at: datetime) -> str:
    to = person_of(said["to"], "to")
    before = open_work(found)
    organisation.reassign(found, to=to, by=user, at=at, on=said["on"])
    moved = before - open_work(found)
    words = ngettext(
        "%(name)s 已接任，%(count)d 件在办任务一并移交",
        "%(name)s 已接任，%(count)d 件在办任务一并移交",
        moved,
    )
    return words % {"name": to.display_name, "count": moved}


def _shown(
    request: HttpRequest, found: Posting, given: dict[str, forms.Form], do: str, status: int
) -> HttpResponse:
    today = day_of(now(request))
    ended = found.ends_on is not None and found.ends_on <= today
    people = User.objects.filter(is_active=True).exclude(pk=found.user_id)
    context: dict[str, object] = {
        "posting": found,
        "seen": _seen(found),
        "forms": given,
        "open": do,
        "ended": ended,
        "area": places.name_of(found.area_id),
        "open_work": 0 if ended else open_work(found),
        "deputies": found.stand_ins.select_related("user").order_by("starts_on"),
        "people": people.order_by("username").values_list("username", "display_name")[:MOST_NAMES],
    }
    return render(request, TEMPLATE, context, status=status)
