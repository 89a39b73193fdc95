"""The figures of a period, whole and divided; each opens its formula with both counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.indicators.counting import Counts, Key, tally
from yiwang.kernel.indicators.counting import whole as sum_of
from yiwang.kernel.indicators.rules import (
    BY_NAME,
    BY_NAMES,
    COUNT_NAMES,
    FIGURES,
    PERIOD_AT_MOST_DAYS,
    RATED,
    SILENT,
    By,
    Period,
    Rate,
    period_of,
    rates,
)
from yiwang.kernel.indicators.rules import rate as rate_of
from yiwang.kernel.organisation.models import Unit
from yiwang.web.cockpit import words
from yiwang.web.cockpit.needs import TO_SEE_FIGURES
from yiwang.web.kit.access import now, page, signed_in

ROWS_AT_MOST = 200


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class PeriodForm(forms.Form):
    """From when to when, and divided by what."""

    first = forms.DateField(
        label=gettext_lazy("从"),
        required=False,
        widget=_day(),
    )
    last = forms.DateField(
        label=gettext_lazy("到"),
        required=False,
        widget=_day(),
    )
    by = forms.ChoiceField(label=gettext_lazy("怎样分开"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, passed through
        by = self.fields["by"]
        assert isinstance(by, forms.ChoiceField)
        by.choices = [(key, _(name)) for key, name in BY_NAMES.items()]


@dataclass(frozen=True)
class Shown:
    """One figure with its formula in words."""

    rate: Rate
    name: str
    above: str
    below: str

    @property
    def above_name(self) -> str:
        """The short name of the upper count: what stands before the colon of its definition."""
        return _before_colon(self.above)

    @property
    def below_name(self) -> str:
        return _before_colon(self.below)


def _before_colon(text: str) -> str:
    return text.partition("：")[0].partition(": ")[0]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    reported: int
    rates: tuple[Rate, ...]


@dataclass(frozen=True)
class VoiceRow:
    """One line of what voices said: the rate, then each answer and each silence."""

    name: str
    rate: Rate
    counts: list[int]


@page(TO_SEE_FIGURES, methods=("GET", "HEAD"))
def figures(request: HttpRequest) -> HttpResponse:
    """The figures; this month by unit until something else is asked for."""
    user, at = signed_in(request), now(request)
    today = timezone.localtime(at, timezone.get_default_timezone()).date()
    form = PeriodForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    period = period_of(asked.get("first"), asked.get("last"), today)
    by = By(asked.get("by") or By.UNIT)
    parts = tally(user, period, at, by)
    whole = sum_of(parts)
    if not form.is_bound or form.is_valid():
        form = PeriodForm({"first": period.first, "last": period.last, "by": by})
    context = {
        "form": form,
        "period": period,
        "shorter": _shorter(asked, period),
        "by_name": _(BY_NAMES[by]),
        "figures": [_shown(rate) for rate in rates(whole)],
        "reported": whole["reported"],
        "rated": [(_before_colon(_(COUNT_NAMES[name])), whole[name]) for name in RATED],
        "silent": [(_before_colon(_(COUNT_NAMES[name])), whole[name]) for name in SILENT],
        "voice_rows": _voice_rows(parts, by),
        "voice_columns": [_before_colon(_(COUNT_NAMES[name])) for name in (*RATED, *SILENT)],
        "columns": [(figure.name, _(figure.label)) for figure in FIGURES],
        "rows": rows_of(parts, by),
        "quick": _quick(today, by),
    }
    return render(request, "cockpit/figures.html", context)


def _shorter(asked: Mapping[str, date | None], period: Period) -> str:
    """What is said when the page shows another period than was asked for."""
    first, last = asked.get("first"), asked.get("last")
    if first in (None, period.first) and last in (None, period.last):
        return ""
    if first and last and {first, last} == {period.first, period.last}:
        return ""  # only turned round
    days = {"days": PERIOD_AT_MOST_DAYS}
    return _("要的时间和显示的不一样：一次最多看 %(days)d 天，到今天为止。") % days


def _shown(rate: Rate) -> Shown:
    figure = rate.figure
    above, below = COUNT_NAMES[figure.numerator], COUNT_NAMES[figure.denominator]
    return Shown(rate, _(figure.label), _(above), _(below))


def rows_of(parts: dict[Key, Counts], by: By) -> list[Row]:
    """The busiest first; months in their order."""
    if by is By.MONTH:
        ordered = sorted(parts.items(), key=lambda part: str(part[0]))
    else:
        ordered = sorted(parts.items(), key=lambda part: -part[1]["reported"])
    shown = ordered[:ROWS_AT_MOST]
    names = _names((key for key, _counts in shown), by)
    return [Row(names[key], counts["reported"], rates(counts)) for key, counts in shown]


def _voice_rows(parts: dict[Key, Counts], by: By) -> list[VoiceRow]:
    """What voices said, by the same parts; those nobody was asked in are left out."""
    asked = {key: counts for key, counts in parts.items() if _asked(counts)}
    order = sorted(asked, key=lambda key: str(key) if by is By.MONTH else -_asked(asked[key]))
    shown = order[:ROWS_AT_MOST]
    names = _names(shown, by)
    return [
        VoiceRow(
            names[key],
            rate_of(BY_NAME["satisfied"], asked[key]),
            [asked[key][name] for name in (*RATED, *SILENT)],
        )
        for key in shown
    ]


def _asked(counts: Counts) -> int:
    return sum(counts[name] for name in (*RATED, *SILENT))


def _names(keys: Iterable[Key], by: By) -> dict[Key, str]:
    keys = list(keys)
    if by is By.UNIT:
        ids = [key for key in keys if isinstance(key, int)]
        units = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name"))
        return {key: units.get(key, "") if isinstance(key, int) else _("未派遣") for key in keys}
    return {key: _name(key, by) for key in keys}


def _name(key: Key, by: By) -> str:
    if isinstance(key, date):
        return written(key, _("Y年n月"))
    return words.kind_name(key) if by is By.CATEGORY else words.area_name(key)


def _quick(today: date, by: By) -> list[tuple[str, str]]:
    """Periods one tap away."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    periods = [
        (_("本月"), Period(month, today)),
        (_("上月"), Period(before.replace(day=1), before)),
        (_("近 90 天"), Period(today - timedelta(days=89), today)),
        (_("今年"), Period(today.replace(month=1, day=1), today)),
    ]
    return [
        (name, "?" + urlencode({"first": str(p.first), "last": str(p.last), "by": by.value}))
        for name, p in periods
    ]
