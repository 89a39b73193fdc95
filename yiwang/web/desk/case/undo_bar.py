"""The bar that offers to take the last move back, for ten seconds."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.cases.actions import undoing
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.moves import BY_NAME
from yiwang.kernel.cases.rules.undoing import WINDOW
from yiwang.web.kit.access import now, signed_in


@dataclass(frozen=True)
class Bar:
    """What can be taken back: in words, where, and for how many milliseconds more."""

    said: str
    address: str
    left: int


def bar_of(request: HttpRequest, case: Case) -> Bar | None:
    """The bar of this reader's last move on this case, while its time runs."""
    at = now(request)
    kept = undoing.to_undo(case, by=signed_in(request), at=at)
    if kept is None or at - kept.at >= WINDOW:
        return None
    said = _("%(number)s：%(move)s，已办") % {
        "number": case.number,
        "move": _(BY_NAME[kept.move].label),
    }
    left = int((WINDOW - (at - kept.at)).total_seconds() * 1000)
    return Bar(said, reverse("cases:undo", args=[case.pk]), left)
