"""Leave: asking for it, the board of who is away, and saying yes or no."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel import organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.errors import Refused
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.organisation.leave.rules import REASON_AT_MOST, LeaveState
from yiwang.kernel.organisation.models import Leave, Posting
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.kit.access import Needs, now, page, signed_in
from yiwang.web.kit.forms import put_refusal

SHOWN = 60  # days back


class Day(forms.DateInput):
    input_type = "date"


class LeaveForm(forms.Form):
    """Days, stand-in, reason; `person` only where one enters it for somebody else."""

    person = forms.TypedChoiceField(label=gettext_lazy("谁请假"), coerce=int)
    first_day = forms.DateField(label=gettext_lazy("第一天"), widget=Day(format="%Y-%m-%d"))
    last_day = forms.DateField(label=gettext_lazy("最后一天"), widget=Day(format="%Y-%m-%d"))
    stand_in = forms.TypedChoiceField(
        label=gettext_lazy("谁替岗"),
        coerce=int,
        help_text=gettext_lazy("这几天，您的权限、任务和通知都归替岗人；到期自动回来"),
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        required=False,
        max_length=REASON_AT_MOST,
        help_text=gettext_lazy("可不填；加密保存，只有本人和有权同意的人看得到"),
    )

    def __init__(self, data: Any, *, people: list[tuple[int, str]], own: int | None) -> None:
        super().__init__(data, auto_id="leave_%s")
        choices = [("", _("请选择")), *people]
        stand_in, person = self.fields["stand_in"], self.fields["person"]
        assert isinstance(stand_in, forms.ChoiceField)
        assert isinstance(person, forms.ChoiceField)
        stand_in.choices = [choice for choice in choices if choice[0] != own]
        person.choices = choices
        if own is not None:
            del self.fields["person"]
        else:
            stand_in.help_text = ""


def _people(user: User, at: datetime) -> list[tuple[int, str]]:
    """Everybody who can sign in, colleagues of the same units first."""
    units = set(Posting.objects.filter(user=user).on(day_of(at)).values_list("unit", flat=True))
    near = set(Posting.objects.filter(unit__in=units).on(day_of(at)).values_list("user", flat=True))
    rows = list(User.objects.filter(is_active=True).values_list("pk", "display_name", "username"))
    rows.sort(key=lambda row: (row[0] not in near, row[2]))
    return [(key, f"{name} ({username})") for key, name, username in rows]


@page(Needs.SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    """My leaves and those I stand in for; a POST asks for another."""
    user, at = signed_in(request), now(request)
    form = LeaveForm(
        request.POST if request.method == "POST" else None, people=_people(user, at), own=user.pk
    )
    if form.is_bound and _asked(form, user, user, at):
        messages.success(request, _("已登记，等领导或管理员同意。"))
        return redirect("signin:leave")
    rows = Leave.objects.filter(Q(user=user) | Q(stand_in=user))
    rows = rows.filter(last_day__gte=day_of(at) - timedelta(days=SHOWN))
    context = {
        "form": form,
        "rows": rows.select_related("user", "stand_in", "decided_by").order_by("-first_day"),
        "today": day_of(at),
        "me": user,
        "may_decide": organisation.holds(user, Permission.LEAVE_APPROVE, at=at),
    }
    return render(request, "signin/leave.html", context, status=422 if form.is_bound else 200)


def _asked(form: LeaveForm, user: User, by: User, at: datetime) -> bool:
    """Ask as the form says; what is refused stands beside its field."""
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        with transaction.atomic():
            organisation.ask_leave(
                user,
                stand_in=User.objects.get(pk=said["stand_in"]),
                first_day=said["first_day"],
                last_day=said["last_day"],
                reason=said["reason"],
                by=by,
                at=at,
            )
    except Refused as refused:
        put_refusal(form, refused)
        return False
    return True


@page(Needs.SIGNED_IN, methods=("GET", "HEAD"))
def of(request: HttpRequest, leave_id: int) -> HttpResponse:
    """From a notice to where the leave stands: the own page, or the board of those who decide."""
    user = signed_in(request)
    leave = get_object_or_404(Leave, pk=leave_id)
    own = user.pk in (leave.user_id, leave.stand_in_id)
    return redirect("signin:leave" if own else "signin:leave-board")


@page(Permission.LEAVE_APPROVE)
def board(request: HttpRequest) -> HttpResponse:
    """Who waits for an answer, who is or will be away; a POST enters a leave for somebody."""
    user, at = signed_in(request), now(request)
    everybody = _people(user, at)
    form = LeaveForm(request.POST if request.method == "POST" else None, people=everybody, own=None)
    if form.is_bound and form.is_valid():
        person = User.objects.get(pk=form.cleaned_data["person"])
        if _asked(form, person, user, at):
            messages.success(request, _("已登记 %(name)s 的请假") % {"name": person.display_name})
            return redirect("signin:leave-board")
    today = day_of(at)
    rows = Leave.objects.live().filter(last_day__gte=today).order_by("first_day", "pk")
    mine = [
        leave
        for leave in rows.select_related("user", "stand_in", "decided_by")
        if organisation.may_decide(user, leave.user, at)
    ]
    context = {
        "form": form,
        "waiting": [leave for leave in mine if leave.state == LeaveState.ASKED],
        "away": [leave for leave in mine if leave.state == LeaveState.AGREED],
        "today": today,
        "me": user,
    }
    status = 422 if form.is_bound else 200
    return render(request, "signin/leave_board.html", context, status=status)


_DO: dict[str, tuple[Callable[..., Leave], Any]] = {
    "agree": (lambda leave, **who: organisation.agree_leave(leave, **who), gettext_lazy("已同意")),
    "refuse": (
        lambda leave, **who: organisation.refuse_leave(leave, **who),
        gettext_lazy("已回复不同意"),
    ),
    "end": (
        lambda leave, **who: organisation.end_leave(leave, **who),
        gettext_lazy("已结束，工作回到本人"),
    ),
}


@page(Needs.SIGNED_IN, methods=("POST",))
def decide(request: HttpRequest, leave_id: int) -> HttpResponse:
    """Agree, refuse, or end: `do`. Who may is the kernel's to say."""
    user, at = signed_in(request), now(request)
    leave = get_object_or_404(Leave, pk=leave_id)
    act, said = _DO.get(request.POST.get("do", ""), _DO["end"])
    act(leave, by=user, at=at)
    messages.success(request, str(said))
    own = leave.user_id == user.pk
    return redirect("signin:leave" if own else "signin:leave-board")
