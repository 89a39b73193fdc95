"""What is taken of a resident, why, who sees it and how long it stays: in plain words, the times from the table."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.web.kit.access import Needs, page
from yiwang.web.residents.frame import show
from yiwang.web.residents.gateway import gateway
from yiwang.web.residents.gateway import messages as m


@page(Needs.PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice; it asks the database nothing but the town's name."""
    kept = [_line(line) for line in gateway().kept(m.AskKept()).lines]
    return show(request, "residents/privacy.html", {"kept": kept})


def _line(line: m.KeptLine) -> dict[str, str | bool]:
    """A line as the page says it."""
    return {
        "key": line.key,
        "stays": line.stays,
        "what": _(line.what),
        "how_long": Sentence.from_json(line.how_long).text(),
        "after": _(line.after),
        "why": _(line.why),
        "done": _(line.done),
    }
