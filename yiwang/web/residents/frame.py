"""The frame round the residents' pages: the town's name comes through the gateway like everything else."""

from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.web.kit import pace
from yiwang.web.kit.frame import Frame, Town
from yiwang.web.residents.gateway import gateway
from yiwang.web.residents.gateway import messages as m


class ResidentFrame(Frame):
    @cached_property
    def town(self) -> Town:
        town = gateway().town(m.AskTown())
        return Town(town.name, generated=town.generated)


def show(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """A page for this reader alone: never kept by a cache on the way, and the device has its number."""
    page = {"frame": ResidentFrame(request), **context}
    response = render(request, template, page, status=status)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex" if "code" in context else "all"
    pace.mark_device(request, response)
    return response
