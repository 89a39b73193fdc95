"""What is taken of a resident, why, who sees it and how long it stays: in plain words, the times from the table."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.retention import Rule, table
from yiwang.web.kit.access import Needs, page
from yiwang.web.residents.frame import show


@page(Needs.PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice; it asks the database nothing but the town's name."""
    kept = [_line(rule) for rule in table() if rule.personal]
    return show(request, "residents/privacy.html", {"kept": kept})


def _line(rule: Rule) -> dict[str, str | bool]:
    """A rule as the page says it."""
    return {
        "key": rule.key,
        "stays": rule.lasts is None,
        "what": _(rule.what),
        "how_long": rule.how_long.text(),
        "after": _(rule.after),
        "why": _(rule.why),
        "done": _(rule.done),
    }
