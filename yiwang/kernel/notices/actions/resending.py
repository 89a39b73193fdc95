"""Sending again what did not go out, by a person's decision; and forgetting what went long ago."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Conflict
from yiwang.kernel.notices.actions import circuits, settling
from yiwang.kernel.notices.models import Sending
from yiwang.kernel.notices.permissions import require_manager
from yiwang.kernel.notices.rules.channels import MAY_BE_RESENT, State
from yiwang.kernel.notices.tasks import send_due

KEPT = timedelta(days=180)
OVER = (State.SENT, State.GIVEN_UP, State.UNCLEAR)
AT_ONCE = 2000


@transaction.atomic
def resend(ids: Iterable[int], *, by: User, at: datetime) -> int:
    """Let these go out at once, quiet hours or not, with all their attempts again. Returns how many.

    What was bundled for the morning goes out one by one: somebody decided about each.

    Raises:
        Forbidden: not an administrator. Conflict: none of them waits for that any more.
    """
    require_manager(by, at)
    rows = list(
        Sending.objects.select_for_update(of=("self",))
        .filter(pk__in=list(ids)[:AT_ONCE], state__in=MAY_BE_RESENT)
        .order_by("id")
    )
    if not rows:
        raise Conflict(_("这些通知已经发出，或正在发送"))
    for row in rows:
        row.state, row.next_at, row.attempts = State.WAITING, at, 0
        row.urgent, row.overnight, row.digest = True, False, None
        row.reason = row.detail = ""
    Sending.objects.bulk_update(
        rows,
        ["state", "next_at", "attempts", "urgent", "overnight", "digest", "reason", "detail"],
    )
    for outlet in {settling.outlet_of(row) for row in rows}:
        circuits.close(outlet)
    audit.record(
        "notices", "sending", "notices_resent", by=by, at=at,
        facts={"count": len(rows), "sendings": [row.pk for row in rows][:200]},
    )  # fmt: skip
    send_due.defer()
    return len(rows)


def forget_sent() -> int:
    """Drop what ended half a year ago: the record of the case stays, the trace of a message need not."""
    over = Sending.objects.filter(state__in=OVER, at__lt=timezone.now() - KEPT)
    count, _by_model = over.delete()
    return count
