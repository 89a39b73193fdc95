"""How long each stage of a case may take."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.accounts.models import User
from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.actions.writing import one_at_a_time
from yiwang.kernel.catalogue.models import STAGE_NAMES, StageLimit
from yiwang.kernel.catalogue.rules.words import Stage
from yiwang.kernel.catalogue.snapshot import STARTING_LIMITS
from yiwang.kernel.foundation.calendar.rules import Limit, LimitUnit
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office.catalogue.forms import UNITS
from yiwang.web.office.forms import SeenForm, tried
from yiwang.web.office.needs import KINDS


class LimitsForm(SeenForm):
    """Amount and unit of every stage."""

    def __init__(self, data: Any = None) -> None:
        stored = {Stage(row.stage): row.limit for row in StageLimit.objects.all()}
        current: dict[str, object] = {}
        for stage, starting in STARTING_LIMITS.items():
            limit = stored.get(stage, starting)
            current[f"{stage.value}_amount"] = limit.amount
            current[f"{stage.value}_unit"] = limit.unit.value
        super().__init__(data, current=current)
        for stage in Stage:
            name = STAGE_NAMES[stage]
            self.fields[f"{stage.value}_amount"] = forms.IntegerField(
                label=name, min_value=1, max_value=9999
            )
            self.fields[f"{stage.value}_unit"] = forms.ChoiceField(
                label=gettext_lazy("时限单位"), choices=UNITS
            )
            self.fields[f"{stage.value}_unit"].widget.attrs["aria-label"] = _(
                "%(stage)s的时限单位"
            ) % {"stage": name}

    @property
    def rows(self) -> list[tuple[object, Any, Any]]:
        return [
            (STAGE_NAMES[stage], self[f"{stage.value}_amount"], self[f"{stage.value}_unit"])
            for stage in Stage
        ]


@page(KINDS)
def limits(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now(request)
    if request.method == "POST":
        one_at_a_time()
    form = LimitsForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _save(form, user, at))
        if not status:
            messages.success(request, _("已保存。正在走的时钟仍按原来的时限。"))
            return go(request, reverse("office:limits"))
    return render(request, "office/catalogue/limits.html", {"form": form}, status=status)


def _save(form: LimitsForm, user: User, at: datetime) -> None:
    form.must_be_fresh()
    said = form.cleaned_data
    for stage in Stage:
        amount, unit = said[f"{stage.value}_amount"], said[f"{stage.value}_unit"]
        before = form.current[f"{stage.value}_amount"], form.current[f"{stage.value}_unit"]
        if (amount, unit) != before:
            actions.set_stage_limit(stage, Limit(amount, LimitUnit(unit)), by=user, at=at)
