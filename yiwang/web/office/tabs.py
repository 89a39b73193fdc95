"""The parts of the office, as the bar under the page head shows them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.web.kit.access import Need, meets, now, staff
from yiwang.web.office.needs import DAYS, KINDS, LAND, PEOPLE, ROUTES

if TYPE_CHECKING:
    from yiwang.kernel.foundation.errors import Sayable


@dataclass(frozen=True)
class Tab:
    """`pages`: names of the addresses that lie behind it, its own first."""

    name: "Sayable"
    icon: str
    need: Need
    pages: tuple[str, ...]

    @property
    def address(self) -> str:
        return reverse(f"office:{self.pages[0]}")


TABS = (
    Tab(
        pgettext_lazy("office", "区划"),
        icon="map-2",
        need=LAND,
        pages=("territory", "division", "division-new", "territory-import", "split"),
    ),
    Tab(
        pgettext_lazy("office", "单位"),
        icon="building",
        need=PEOPLE,
        pages=("units", "unit", "unit-new"),
    ),
    Tab(
        pgettext_lazy("office", "人员"),
        icon="users",
        need=PEOPLE,
        pages=(
            "people",
            "person",
            "person-new",
            "person-password",
            "people-import",
            "appoint",
            "posting",
        ),
    ),
    Tab(_("网格岗位"), icon="layout-grid", need=PEOPLE, pages=("board",)),
    Tab(
        pgettext_lazy("office", "事项类别"),
        icon="list-tree",
        need=KINDS,
        pages=(
            "catalogue",
            "catalogue-at",
            "category-new",
            "category-move",
            "condition-new",
            "catalogue-excel",
        ),
    ),
    Tab(pgettext_lazy("office", "派遣规则"), icon="route", need=ROUTES, pages=("routing",)),
    Tab(pgettext_lazy("office", "环节时限"), icon="hourglass", need=KINDS, pages=("limits",)),
    Tab(
        pgettext_lazy("office", "通知"),
        icon="bell",
        need=ROUTES,
        pages=(
            "notices",
            "notice-rules",
            "notice-words",
            "notice-word",
            "notice-channels",
            "notice-quiet",
            "notice-trial",
            "notice-book",
            "endpoint",
            "endpoint-new",
            "endpoint-renew",
        ),
    ),
    Tab(
        _("工作日历"),
        icon="calendar",
        need=DAYS,
        pages=("calendar", "calendar-day", "calendar-hours", "calendar-publish"),
    ),
)


def tabs_for(request: HttpRequest) -> list[tuple[Tab, bool]]:
    """The parts this person may open, each with whether the page lies behind it."""
    match = request.resolver_match
    here = match.url_name if match else ""
    user, at = staff(request), now(request)
    return [(tab, here in tab.pages) for tab in TABS if meets(user, (tab.need,), at)]
