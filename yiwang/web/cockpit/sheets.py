"""The lists of this door as Excel: what is late, what is watched, the inspector's lists, the table of figures."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.web.cockpit.needs import TO_INSPECT, TO_SEE_FIGURES

if TYPE_CHECKING:
    from yiwang.kernel.foundation.exports import Listing


def _late(user: Any, at: datetime, query: str) -> "Listing":
    from yiwang.kernel.indicators import standing
    from yiwang.web.cockpit.pages.late import narrowed_by
    from yiwang.web.kit.sheets import cases_listing, keys_of

    narrowed = narrowed_by(QueryDict(query))
    rows = standing.late(user, at).filter(narrowed.condition).order_by("clock_due_at", "pk")
    return cases_listing(keys_of(rows), user, narrowed.name)


def _watched(user: Any, at: datetime, query: str) -> "Listing":
    from yiwang.kernel.indicators import standing
    from yiwang.web.kit.sheets import cases_listing, keys_of

    rows = standing.watched(user, at).order_by("opened_at", "pk")
    return cases_listing(keys_of(rows), user)


def _inspected(user: Any, at: datetime, query: str) -> "Listing":
    from yiwang.kernel.indicators import inspection
    from yiwang.web.cockpit.pages.inspect import days_of
    from yiwang.web.kit.sheets import cases_listing, keys_of

    given = QueryDict(query)
    days = days_of(given.get("days", ""))
    look = inspection.BY_KEY.get(given.get("look", ""), inspection.LOOKS[0])
    rows = inspection.cases_of(look, user, at, days).order_by("-opened_at", "-pk")
    said = _("%(list)s，近 %(days)s 天") % {"list": _(look.name), "days": days}
    return cases_listing(keys_of(rows), user, said)


def _figures(user: Any, at: datetime, query: str) -> "Listing":
    from django.utils import timezone

    from yiwang.kernel.foundation.exports import Column, Listing
    from yiwang.kernel.indicators.counting import tally
    from yiwang.kernel.indicators.rules import BY_NAMES, FIGURES, By, period_of
    from yiwang.web.cockpit.pages.figures import PeriodForm, rows_of
    from yiwang.web.kit.sheets import notes

    form = PeriodForm(QueryDict(query) or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    today = timezone.localtime(at, timezone.get_default_timezone()).date()
    period = period_of(asked.get("first"), asked.get("last"), today)
    by = By(asked.get("by") or By.UNIT)
    columns = [Column(_(BY_NAMES[by]), 24), Column(_("件数"))]
    for figure in FIGURES:
        name = _(figure.label)
        columns += [Column(name, 16), Column(_("%(name)s：分子") % {"name": name}, 16)]
        columns.append(Column(_("%(name)s：分母") % {"name": name}, 16))
    rows = [
        [row.name, row.reported, *_cells(row.rates)]
        for row in rows_of(tally(user, period, at, by), by)
    ]
    said = _("%(first)s 至 %(last)s") % {"first": period.first, "last": period.last}
    return Listing(
        columns, range(len(rows)), lambda keys: [rows[key] for key in keys], said, notes()
    )


def _cells(rates: Any) -> Iterator[Any]:
    """Each rate as a share, with both its counts; no share where there is nothing to divide by."""
    for rate in rates:
        yield from (
            round(rate.share, 4) if rate.share is not None else "—",
            rate.numerator,
            rate.denominator,
        )


def register_lists() -> None:
    """Offer them; called once the apps are ready."""
    from yiwang.kernel.foundation.exports import Source, register

    register(Source("cockpit-late", gettext_lazy("超时未办"), TO_SEE_FIGURES, _late))
    register(Source("cockpit-watched", gettext_lazy("督办和提级"), TO_SEE_FIGURES, _watched))
    register(Source("cockpit-inspect", gettext_lazy("监督"), TO_INSPECT, _inspected))
    register(Source("cockpit-figures", gettext_lazy("指标"), TO_SEE_FIGURES, _figures))
