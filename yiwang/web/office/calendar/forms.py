"""Forms of the calendar."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.catalogue.models import LIMIT_UNIT_NAMES
from yiwang.kernel.foundation.calendar.models import CalendarDay
from yiwang.kernel.foundation.calendar.rules import DayKind, LimitUnit, Sessions
from yiwang.kernel.foundation.errors import Invalid
from yiwang.web.office.forms import ClockInput, DayInput, SeenForm

KINDS = [
    ("", gettext_lazy("按官方日历")),
    (DayKind.WORK.value, gettext_lazy("上班")),
    (DayKind.FREE.value, gettext_lazy("休息")),
]
_WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
KIND_WORDS = {word: DayKind(kind) for kind, words in _WORDS.items() for word in words}
MOST_SESSIONS = 3


class DayForm(SeenForm):
    """What the town says about one day."""

    kind = forms.ChoiceField(
        label=gettext_lazy("这一天"), choices=KINDS, required=False, widget=forms.RadioSelect
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, required=False)
    source = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("例：区政府通知〔2026〕12 号"),
    )

    def __init__(self, data: Any, own: CalendarDay | None) -> None:
        current: dict[str, object] = {"kind": "", "name": "", "source": ""}
        if own:
            current = {"kind": own.kind, "name": own.name, "source": own.source}
        super().__init__(data, current=current, auto_id="day_%s")


class HoursForm(forms.Form):
    """The working sessions of a day from a date on."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    valid_from = forms.DateField(label=gettext_lazy("生效日期"), widget=DayInput)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, auto_id="hours_%s", **more)
        for number in range(1, MOST_SESSIONS + 1):
            for edge, label in (("opens", _("第 %(n)s 段开始")), ("closes", _("第 %(n)s 段结束"))):
                self.fields[f"{edge}{number}"] = forms.TimeField(
                    label=label % {"n": number}, required=number == 1, widget=ClockInput
                )

    @property
    def sessions(self) -> list[tuple[time, time]]:
        """The sessions that are filled in.

        Raises:
            Invalid: one has a beginning and no end, or the other way round.
        """
        said = self.cleaned_data
        found = []
        for number in range(1, MOST_SESSIONS + 1):
            opens, closes = said[f"opens{number}"], said[f"closes{number}"]
            if (opens is None) != (closes is None):
                missing = "opens" if opens is None else "closes"
                raise Invalid(_("请把这一段的开始和结束都填上"), field=f"{missing}{number}")
            if opens is not None:
                found.append((opens, closes))
        return found


def initial_of(sessions: Sessions) -> dict[str, time]:
    found: dict[str, time] = {}
    for number, (opens, closes) in enumerate(sessions[:MOST_SESSIONS], start=1):
        found |= {f"opens{number}": opens, f"closes{number}": closes}
    return found


class PublishForm(forms.Form):
    """The holidays of a year, as the notice of the State Council says them, or those the program brought."""

    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=2020, max_value=2100)
    source = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("例：国办发明电〔2026〕7 号"),
    )
    days = forms.CharField(
        label=gettext_lazy("放假和调休日期"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy("每行一天：日期、休或班、名称。留空则用程序自带的日期。"),
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, auto_id="publish_%s", **more)


def days_of(text: str) -> dict[date, tuple[DayKind, str]] | None:
    """The days of a text, a line each; None for an empty text.

    Raises:
        Invalid: naming the line.
    """
    found: dict[date, tuple[DayKind, str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part for part in re.split(r"[,，;；\s]+", line.strip()) if part]
        if parts:
            day, kind, name = _day_of(parts, number, line)
            found[day] = (kind, name)
    return found or None


def _day_of(parts: Sequence[str], number: int, line: str) -> tuple[date, DayKind, str]:
    try:
        return date.fromisoformat(parts[0]), KIND_WORDS[parts[1]], " ".join(parts[2:])
    except (ValueError, KeyError, IndexError) as error:
        said = _("第 %(number)s 行读不懂：%(line)s。要像 2027-01-01 休 元旦")
        raise Invalid(said % {"number": number, "line": line.strip()}, field="days") from error


class DueForm(forms.Form):
    """A beginning and a limit: when is it over?"""

    start = forms.DateTimeField(
        label=gettext_lazy("从什么时候起"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    amount = forms.IntegerField(label=gettext_lazy("时限"), min_value=1, max_value=999)
    unit = forms.ChoiceField(
        label=gettext_lazy("时限单位"),
        choices=[(unit.value, name) for unit, name in LIMIT_UNIT_NAMES.items()],
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, auto_id="due_%s", **more)

    @property
    def limit_unit(self) -> LimitUnit:
        return LimitUnit(self.cleaned_data["unit"])
