"""The first page of the office: what wants attention, each with the way to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel import territory
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Clock
from yiwang.kernel.catalogue import book
from yiwang.kernel.foundation import calendar
from yiwang.kernel.foundation.queue import at_work
from yiwang.kernel.notices.reporting import troubles
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.organisation.models import Posting
from yiwang.web.kit.access import meets, now, page, staff
from yiwang.web.office.needs import ANY_OF_IT, DAYS, KINDS, LAND, PEOPLE, ROUTES
from yiwang.web.office.staff.board import blocks_on


@dataclass(frozen=True)
class Matter:
    """Something counted: fine at nought, else it wants attention (`late`: it cannot wait)."""

    name: str
    count: int
    address: str
    hint: str
    state: str


def _state(count: int, bad: str) -> str:
    return bad if count else "done"


@page(ANY_OF_IT, methods=("GET", "HEAD"))
def home(request: HttpRequest) -> HttpResponse:
    at, user = now(request), staff(request)
    makers = (
        (LAND, _land),
        (PEOPLE, _people),
        (KINDS, _kinds),
        (ROUTES, _routes),
        (ROUTES, _notices),
        (ROUTES, _work),
        (DAYS, _days),
    )
    matters = [
        matter for need, make in makers if meets(user, (need,), at) for matter in make(request)
    ]
    return render(request, "office/home.html", {"matters": matters})


def _land(request: HttpRequest) -> Iterator[Matter]:
    findings = territory.check_territory(day_of(now(request)))
    broken = sum(not finding.advice for finding in findings)
    advice = len(findings) - broken
    address = reverse("office:territory")
    yield Matter(
        _("区划问题"), broken, address, _("边界、代码、归属和人员不合标准"), _state(broken, "late")
    )
    yield Matter(
        _("区划提示"), advice, address, _("户数、编号等可以改进的地方"), _state(advice, "soon")
    )


def _people(request: HttpRequest) -> Iterator[Matter]:
    today = day_of(now(request))
    gaps = sum(line.gaps > 0 for block in blocks_on(today) for line in block.lines)
    board = f"{reverse('office:board')}?gaps=1"
    yield Matter(
        _("有缺口的网格"), gaps, board, _("没有网格长，或没有网格员"), _state(gaps, "late")
    )
    posted = Posting.objects.on(today).values("user")
    idle = User.objects.filter(is_active=True).exclude(pk__in=posted).count()
    people = f"{reverse('office:people')}?state=idle"
    yield Matter(
        _("没有任职的账号"), idle, people, _("能登录，但什么也打不开"), _state(idle, "soon")
    )


def _kinds(request: HttpRequest) -> Iterator[Matter]:
    entries = book().categories
    drafts = sum(not entry.published for entry in entries)
    yield Matter(
        _("未发布的类别"),
        drafts,
        reverse("office:catalogue"),
        _("草稿或已停用，居民和受理台选不到"),
        _state(drafts, "soon"),
    )


def _routes(request: HttpRequest) -> Iterator[Matter]:
    known = book()
    idle = sum(not rule.active for rule in known.rules)
    yield Matter(
        _("停用的派遣规则"),
        idle,
        reverse("office:routing"),
        _("规则停用，或它的单位停用"),
        _state(idle, "soon"),
    )


def _notices(request: HttpRequest) -> Iterator[Matter]:
    failed = troubles()
    yield Matter(
        _("没有发出的通知"),
        failed,
        reverse("office:notices"),
        _("邮件、短信或推送失败，可以重发"),
        _state(failed, "late"),
    )


def _work(request: HttpRequest) -> Iterator[Matter]:
    silent = int(not at_work())
    yield Matter(
        _("没有运行的后台进程"),
        silent,
        reverse("office:notices"),
        _("没有它，通知不发、时限不走；服务器上的 yiwang check 会说怎么办"),
        _state(silent, "late"),
    )


def _days(request: HttpRequest) -> Iterator[Matter]:
    waiting = Clock.objects.filter(provisional=True, stopped_at=None).count()
    year = day_of(now(request)).year + 1
    missing = year not in calendar.load().published_years
    hint = (
        _("%(year)s 年的放假安排还没有公布") % {"year": year}
        if missing
        else _("%(year)s 年已公布") % {"year": year}
    )
    yield Matter(
        _("暂算的时限"), waiting, reverse("office:calendar"), hint, _state(waiting, "soon")
    )
