"""Units: the list, a new one, changing one and naming its posts."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel import organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.organisation.models import Unit, UnitKind, UnitLevel
from yiwang.kernel.territory.models import Division
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office import places
from yiwang.web.office.forms import IdChoice, SeenForm, offer, tried
from yiwang.web.office.needs import PEOPLE


class UnitForm(SeenForm):
    """What may be set of a unit; its code stays once it is given."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=40,
        help_text=gettext_lazy("定下后不能改；规则和文件用它"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=UnitKind.choices)
    level = forms.ChoiceField(label=gettext_lazy("层级"), choices=UnitLevel.choices)
    division = IdChoice(label=gettext_lazy("服务区域"))
    parent = IdChoice(label=gettext_lazy("上级单位"), required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=30, required=False)
    active = forms.BooleanField(
        label=gettext_lazy("启用"),
        required=False,
        help_text=gettext_lazy("停用后，它的人员不再因此有权限，规则也不再派给它"),
    )

    def __init__(self, data: Any = None, *, unit: Unit | None = None, **more: Any) -> None:
        super().__init__(data, current=_values(unit) if unit else {}, **more)
        areas = places.choices()
        if unit and not _offers(areas, unit.division_id):
            areas = [(unit.division_id, places.name_of(unit.division_id)), *areas]
        offer(self, "division", areas)
        usable = Q(active=True) | Q(pk=unit.parent_id if unit and unit.parent_id else 0)
        others = Unit.objects.filter(usable).exclude(pk=unit.pk if unit else 0)
        named = list(others.values_list("pk", "name"))
        offer(self, "parent", [("", _("没有上级单位")), *named])
        del self.fields["code" if unit else "active"]


def _offers(choices: list[Any], wanted: int) -> bool:
    return any(
        key == wanted or (isinstance(inner, list) and any(k == wanted for k, _name in inner))
        for key, inner in choices
    )


def _values(unit: Unit) -> dict[str, object]:
    return {
        "name": unit.name,
        "kind": unit.kind,
        "level": unit.level,
        "division": unit.division_id,
        "parent": unit.parent_id,
        "phone": unit.phone,
        "active": unit.active,
    }


class PostForm(forms.Form):
    """A named seat of a unit."""

    title = forms.CharField(label=gettext_lazy("岗位名称"), max_length=60)


@page(PEOPLE, methods=("GET", "HEAD"))
def units(request: HttpRequest) -> HttpResponse:
    """All units with how many people are posted there today."""
    today = day_of(now(request))
    in_force = Q(postings__starts_on__lte=today) & (
        Q(postings__ends_on=None) | Q(postings__ends_on__gt=today)
    )
    rows = Unit.objects.select_related("parent").annotate(
        people=Count("postings__user", filter=in_force, distinct=True)
    )
    named = places.labels(places.in_force())
    listed = [(unit, named.get(unit.division_id, "")) for unit in rows.order_by("-active", "code")]
    return render(request, "office/staff/units.html", {"units": listed})


@page(PEOPLE)
def new(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now(request)
    start = {"kind": UnitKind.DEPARTMENT, "level": UnitLevel.SUBDISTRICT}
    form = UnitForm(request.POST or None, initial=start)
    made: list[Unit] = []
    status = 200
    if form.is_bound:
        status = tried(form, lambda: made.append(_add(form.cleaned_data, user, at)))
        if not status:
            messages.success(request, _("已新建单位“%(name)s”") % {"name": made[0].name})
            return go(request, reverse("office:unit", args=[made[0].pk]))
    return render(request, "office/staff/unit_new.html", {"form": form}, status=status)


def _add(said: dict[str, Any], user: User, at: datetime) -> Unit:
    given = {name: said[name] for name in ("name", "code", "phone")}
    return organisation.add_unit(**given, **_typed(said), by=user, at=at)


def _typed(said: dict[str, Any]) -> dict[str, Any]:
    """The choices of a form as the kernel takes them."""
    return {
        "kind": UnitKind(said["kind"]),
        "level": UnitLevel(said["level"]),
        "division": Division.objects.get(pk=said["division"]),
        "parent": Unit.objects.filter(pk=said["parent"]).first() if said["parent"] else None,
    }


def _fetch(request: HttpRequest, unit_id: int) -> Unit:
    rows = Unit.objects.select_for_update() if request.method == "POST" else Unit.objects.all()
    return get_object_or_404(rows, pk=unit_id)


@page(PEOPLE)
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A unit with its people and posts; a POST changes it."""
    user, at = signed_in(request), now(request)
    found = _fetch(request, unit_id)
    form = UnitForm(request.POST if request.method == "POST" else None, unit=found)
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _change(form, found, user, at))
        if not status:
            messages.success(request, _("已保存"))
            return go(request, reverse("office:unit", args=[found.pk]))
    return _shown(request, found, form, PostForm(), status)


def _change(form: UnitForm, found: Unit, user: User, at: datetime) -> None:
    form.must_be_fresh()
    said = form.cleaned_data
    if form.typed() == form.current:
        return
    organisation.change_unit(
        found,
        by=user,
        at=at,
        name=said["name"],
        phone=said["phone"],
        active=said["active"],
        **_typed(said),
    )


@page(PEOPLE, methods=("POST",))
def add_post(request: HttpRequest, unit_id: int) -> HttpResponse:
    user, at = signed_in(request), now(request)
    found = _fetch(request, unit_id)
    form = PostForm(request.POST)
    status = tried(
        form,
        lambda: organisation.add_post(found, title=form.cleaned_data["title"], by=user, at=at),
    )
    if status:
        return _shown(request, found, UnitForm(unit=found), form, status)
    messages.success(request, _("已加入岗位“%(title)s”") % {"title": form.cleaned_data["title"]})
    return go(request, reverse("office:unit", args=[found.pk]))


def _shown(
    request: HttpRequest, found: Unit, form: UnitForm, posts: PostForm, status: int
) -> HttpResponse:
    context: dict[str, object] = {
        "unit": found,
        "form": form,
        "post_form": posts,
        "posts": found.posts.order_by("title"),
        "people": organisation.people_in(found.pk, now(request)).order_by("role", "id"),
        "rules": found.routing_rules.count(),
    }
    return render(request, "office/staff/unit.html", context, status=status)
