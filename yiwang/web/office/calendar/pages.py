"""The calendar of a year, and everything that changes it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Clock
from yiwang.kernel.foundation import calendar as working
from yiwang.kernel.foundation.calendar import Deadline, Limit, actions, compute_deadline, official
from yiwang.kernel.foundation.calendar.models import CalendarDay, PublishedYear, WorkingHours
from yiwang.kernel.foundation.calendar.rules import DEFAULT_SESSIONS, DayKind
from yiwang.kernel.foundation.errors import Stale
from yiwang.kernel.organisation.duties import day_of
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.kit.say import local
from yiwang.web.office.calendar.forms import (
    DayForm,
    DueForm,
    HoursForm,
    PublishForm,
    days_of,
    initial_of,
)
from yiwang.web.office.calendar.year import months_of
from yiwang.web.office.forms import STALE, mark, retype, tried
from yiwang.web.office.needs import DAYS

FIRST, LAST = 2004, 2100


def address(year: int, fragment: str = "") -> str:
    return f"{reverse('office:calendar')}?year={year}{fragment}"


@page(DAYS, methods=("GET", "HEAD"))
def calendar(request: HttpRequest) -> HttpResponse:
    """The year of the address, this year when it names none; `start`, `amount`, `unit` ask when something is due."""
    return _shown(request, _year_of(request.GET.get("year", ""), request))


def _year_of(text: str, request: HttpRequest) -> int:
    year = int(text) if text.isdecimal() and len(text) == 4 else day_of(now(request)).year
    return min(max(year, FIRST), LAST)


def _shown(
    request: HttpRequest, year: int, forms: Mapping[str, Form] = {}, status: int = 200
) -> HttpResponse:
    today = day_of(now(request))
    known = working.load()
    own = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    provisional = Clock.objects.filter(provisional=True, stopped_at=None)
    due, deadline = _due(request)
    context: dict[str, object] = {
        "year": year,
        "months": months_of(year, known, own, today),
        "own": sorted(own.values(), key=lambda row: row.date),
        "is_published": year in known.published_years,
        "years": _years(),
        "provisional": provisional.count(),
        "hours": _hours(),
        "hours_form": HoursForm(
            initial={
                "valid_from": today,
                "seen": _hours_mark(),
                **initial_of(known.sessions_on(today)),
            }
        ),
        "publish_form": PublishForm(initial={"year": max(known.published_years, default=year) + 1}),
        "due_form": due,
        "deadline": deadline,
        **forms,
    }
    return render(request, "office/calendar/year.html", context, status=status)


def _years() -> list[tuple[int, str]]:
    """Published years with their source, the newest first."""
    noted = dict(PublishedYear.objects.values_list("year", "source"))
    brought = dict.fromkeys(official.years(), official.SOURCE)
    return sorted({**brought, **noted}.items(), reverse=True)[:6]


def _hours() -> list[tuple[date | None, str]]:
    """Working hours by the day they begin, the newest first; those of the program have no day."""
    rows: list[tuple[date | None, str]] = [
        (row.valid_from, "，".join("–".join(session) for session in row.sessions))
        for row in WorkingHours.objects.order_by("-valid_from")
    ]
    given = "，".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in DEFAULT_SESSIONS)
    return [*rows, (None, given)]


def _due(request: HttpRequest) -> tuple[DueForm, Deadline | None]:
    """The small tool: when is it due, and why."""
    if "start" not in request.GET:
        start = local(now(request)).replace(second=0, microsecond=0)
        return DueForm(initial={"start": start, "amount": 5, "unit": "workday"}), None
    form = DueForm(request.GET)
    if not form.is_valid():
        return form, None
    limit = Limit(form.cleaned_data["amount"], form.limit_unit)
    return form, compute_deadline(form.cleaned_data["start"], limit, working.load())


@page(DAYS)
def day(request: HttpRequest, day: str) -> HttpResponse:
    """One day; a POST says what it is, or leaves it to the official calendar."""
    that = _day(day)
    if request.method == "POST":
        actions.one_at_a_time()
    own = CalendarDay.objects.filter(date=that).first()
    form = DayForm(request.POST if request.method == "POST" else None, own)
    status = 200
    if form.is_bound:
        before = _provisional_of(request)
        status = tried(form, lambda: _set(that, form, signed_in(request), now(request)))
        if not status:
            messages.success(request, _moved(request, before))
            return go(request, address(that.year, f"#{that:%Y-%m}"))
    known = working.load().day(that)
    context = {"day": that, "form": form, "own": own, "known": known, "is_free": not known.works}
    return render(request, "office/calendar/day.html", context, status=status)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not FIRST <= found.year <= LAST:
        raise Http404
    return found


def _set(that: date, form: DayForm, user: User, at: datetime) -> None:
    form.must_be_fresh()
    said = form.typed()
    if said == form.current:
        return
    if said["kind"]:
        actions.set_day(
            that, DayKind(said["kind"]), name=said["name"], source=said["source"], by=user, at=at
        )
    elif form.current["kind"]:
        actions.remove_day(that, by=user, at=at)


def _provisional_of(request: HttpRequest) -> dict[int, datetime]:
    """Ends of the clocks that run, to say afterwards how many moved."""
    running = Clock.objects.filter(stopped_at=None, due_at__gt=now(request) - timedelta(days=400))
    return dict(running.values_list("pk", "due_at"))


def _moved(request: HttpRequest, before: dict[int, datetime]) -> str:
    after = _provisional_of(request)
    moved = sum(before[key] != due for key, due in after.items() if key in before)
    said = ngettext(
        "日历已保存，%(count)d 个正在走的时限重新计算",
        "日历已保存，%(count)d 个正在走的时限重新计算",
        moved,
    )
    return said % {"count": moved}


@page(DAYS, methods=("POST",))
def hours(request: HttpRequest) -> HttpResponse:
    """Working hours from a day on."""
    user, at = signed_in(request), now(request)
    form = HoursForm(request.POST)
    before = _provisional_of(request)
    status = tried(form, lambda: _set_hours(form, user, at), {"sessions": "opens1"})
    if status:
        return _shown(request, day_of(at).year, {"hours_form": form}, status)
    messages.success(request, _moved(request, before))
    return go(request, address(form.cleaned_data["valid_from"].year, "#hours"))


def _set_hours(form: HoursForm, user: User, at: datetime) -> None:
    actions.one_at_a_time()
    day, sessions = form.cleaned_data["valid_from"], form.sessions
    stored = WorkingHours.objects.filter(valid_from=day).first()
    if stored is not None:
        if stored.sessions == [[f"{edge:%H:%M}" for edge in session] for session in sessions]:
            return
        if form.cleaned_data["seen"] != _hours_mark():
            retype(form, "seen", _hours_mark())
            raise Stale(STALE)
    actions.set_hours(sessions, valid_from=day, by=user, at=at)


def _hours_mark() -> str:
    """The working hours as they stand, for a form that changes them."""
    return mark(list(WorkingHours.objects.values_list("valid_from", "sessions")))


@page(DAYS, methods=("POST",))
def publish(request: HttpRequest) -> HttpResponse:
    """Declare the holidays of a year official; deadlines that waited for it are computed again."""
    user, at = signed_in(request), now(request)
    form = PublishForm(request.POST)
    before = _provisional_of(request)
    status = tried(form, lambda: _publish(form, user, at))
    if status:
        return _shown(request, day_of(at).year, {"publish_form": form}, status)
    year = form.cleaned_data["year"]
    messages.success(request, _("%(year)s 年已公布。") % {"year": year} + _moved(request, before))
    return go(request, address(year))


def _publish(form: PublishForm, user: User, at: datetime) -> None:
    said = form.cleaned_data
    days = days_of(said["days"])
    actions.publish_year(said["year"], days=days, source=said["source"], by=user, at=at)
