"""What left the house, what did not, and why; sending it again."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import Refused
from yiwang.kernel.notices.actions.resending import AT_ONCE, resend
from yiwang.kernel.notices.models import Sending
from yiwang.kernel.notices.rules.channels import (
    CHANNEL_NAMES,
    EVENT_NAMES,
    MAY_BE_RESENT,
    OUTSIDE,
    STATE_NAMES,
    TROUBLE,
    Channel,
    State,
)
from yiwang.kernel.notices.rules.reasons import REASONS, UNKNOWN
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.kit.navigation import address_of
from yiwang.web.kit.paging import page_of
from yiwang.web.office.forms import as_id
from yiwang.web.office.needs import ROUTES

ALL = "all"
_LOOKS = {
    State.WAITING: "open", State.HELD: "paused", State.SENDING: "open", State.SENT: "done",
    State.FAILED: "soon", State.GIVEN_UP: "late", State.UNCLEAR: "soon",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One sending as the list shows it."""

    sending: Sending
    who: str
    channel: str
    event: str
    state: str
    look: str
    reason: str
    number: str
    address: str | None
    may_resend: bool


@page(ROUTES, methods=("GET", "HEAD"))
def sendings(request: HttpRequest) -> HttpResponse:
    """Those in trouble, unless another state is asked for; newest first."""
    rows, state, channel = _chosen(request.GET.get("state", ""), request.GET.get("channel", ""))
    found = page_of(
        rows.select_related("user", "endpoint").prefetch_related("tries"), request, by=("-id",)
    )
    context: dict[str, object] = {
        "page": found,
        "rows": [_row(row) for row in found.rows],
        "state": state,
        "channel": channel,
        "states": [
            ("", _("没有发出的")), *((key, _(name)) for key, name in STATE_NAMES.items()),
            (ALL, _("全部")),
        ],
        "channels": [("", _("所有渠道")), *((c.value, _(CHANNEL_NAMES[c])) for c in OUTSIDE)],
        "resendable": rows.filter(state__in=MAY_BE_RESENT).order_by()[:AT_ONCE].count(),
    }  # fmt: skip
    return render(request, "office/notices/sendings.html", context)


def _chosen(state: str, channel: str) -> tuple[QuerySet[Sending], str, str]:
    rows: QuerySet[Sending] = Sending.objects.all()
    state = state if state in STATE_NAMES or state == ALL else ""
    channel = channel if channel in {c.value for c in OUTSIDE} else ""
    if state != ALL:
        rows = rows.filter(state=state) if state else rows.filter(state__in=TROUBLE)
    if channel:
        rows = rows.filter(channel=channel)
    return rows, state, channel


def _row(row: Sending) -> Row:
    if row.user is not None:
        who = row.user.display_name
    else:
        who = row.endpoint.name if row.endpoint else _("反映人")
    return Row(
        sending=row,
        who=who,
        channel=_(CHANNEL_NAMES[Channel(row.channel)]),
        event=_(EVENT_NAMES.get(row.event, row.event)),
        state=_(STATE_NAMES[row.state]),
        look=_LOOKS[State(row.state)],
        reason=_(REASONS.get(row.reason, UNKNOWN)) if row.reason else "",
        number=str(row.params.get("number", "")),
        address=address_of(row.subject_type, row.subject_id),
        may_resend=row.state in MAY_BE_RESENT,
    )


@page(ROUTES, methods=("POST",))
def again(request: HttpRequest) -> HttpResponse:
    """Send the ticked ones again, or all that the filter shows."""
    user, at = signed_in(request), now(request)
    rows, state, channel = _chosen(request.POST.get("state", ""), request.POST.get("channel", ""))
    kept = {name: value for name, value in (("state", state), ("channel", channel)) if value}
    back = reverse("office:notices") + (f"?{urlencode(kept)}" if kept else "")
    if request.POST.get("all"):
        waiting = rows.filter(state__in=MAY_BE_RESENT).order_by("id")
        ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    else:
        ids = [key for key in map(as_id, request.POST.getlist("id")[:AT_ONCE]) if key]
    if not ids:
        messages.error(request, _("请先勾选要重发的通知"))
        return go(request, back)
    try:
        count = resend(ids, by=user, at=at)
    except Refused as refused:
        messages.error(request, str(refused))
        return go(request, back)
    messages.success(request, _("%(count)s 条通知马上重发。") % {"count": count})
    return go(request, back)
