import math
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from yiwang.kernel.foundation import errors
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.web.kit.access import Needs, now, page
from yiwang.web.kit.paging import Page

HOURS = timedelta(hours=1)
WHY = [
    Sentence("点在 %(grid)s 网格内，距边界 %(metres)d 米", {"grid": "中山-03", "metres": 41}),
    Sentence("4 工作小时 → 今天 16:20；跳过午休"),
]
NAMES = ["双井", "中山", "新兴", "曹州", "中意", "双阳", "中岳", "中和", "马堤口"]


class CallForm(forms.Form):
    what = forms.CharField(
        label="反映什么",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="几个词就可以，例如“中山路井盖破了”。",
    )
    channel = forms.ChoiceField(label="渠道", choices=[("phone", "电话"), ("counter", "窗口")])
    phone = forms.CharField(label="电话", required=False, help_text="不留电话也可以")
    kind = forms.ChoiceField(
        label="诉求类型",
        choices=[("help", "求助"), ("complain", "投诉"), ("ask", "咨询")],
        widget=forms.RadioSelect,
    )
    urgent = forms.BooleanField(label="紧急", required=False)


class ReportForm(forms.Form):
    client_id = forms.CharField(widget=forms.HiddenInput(attrs={"data-client-id": "report"}))
    text = forms.CharField(label="怎么了", widget=forms.Textarea(attrs={"rows": 3}))
    lon = forms.FloatField(widget=forms.HiddenInput)
    lat = forms.FloatField(widget=forms.HiddenInput)
    phone = forms.CharField(label="手机号", required=False, help_text="不留电话也可以")


def square(column: int, row: int) -> list[list[float]]:
    """A cell of a bent chessboard round the middle of the town."""

    def corner(i: int, j: int) -> list[float]:
        return [115.45 + i * 0.012 + math.sin(j) * 0.002, 35.21 + j * 0.01 + math.cos(i) * 0.0015]

    ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [corner(column + i, row + j) for i, j in ring]


def divisions() -> dict[str, object]:
    return collection(
        {
            "type": "Feature",
            "properties": {
                "id": i,
                "name": name,
                "level": "community",
                "highlight": False,
            },
            "geometry": {"type": "Polygon", "coordinates": [square(i % 3, i // 3)]},
        }
        for i, name in enumerate(NAMES)
    )


def points(request: HttpRequest) -> dict[str, object]:
    states = ["late", "soon", "open", "done"]
    return collection(
        {
            "type": "Feature",
            "properties": {"id": i, "state": states[i % 4], "url": f"/gallery/row/{i}"},
            "geometry": {
                "type": "Point",
                "coordinates": [115.455 + i * 0.0031, 35.215 + (i * 7 % 10) * 0.0025],
            },
        }
        for i in range(10)
    )


def collection(features: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def rows(request: HttpRequest) -> list[dict[str, object]]:
    at = now(request)
    return [
        {"id": 1, "text": "中山路与和平街口污水井盖破损，夜里看不见", "place": "中山 · 03 网格", "category": "污水井盖", "state": "late", "word": "超时", "start": at - 30 * HOURS, "due": at - 26 * HOURS, "many": 40},
        {"id": 2, "text": "幼儿园门口占道经营，早上接送堵得厉害", "place": "双井 · 01 网格", "category": "占道经营", "state": "soon", "word": "办理中", "start": at - 3 * HOURS, "due": at + HOURS / 3, "many": 1},
        {"id": 3, "text": "路灯不亮", "place": "曹州 · 02 网格", "category": "路灯", "state": "open", "word": "待派遣", "start": at - 2 * HOURS, "due": at + 2.25 * HOURS, "many": 3},
        {"id": 4, "text": "楼道堆物", "place": "侯店 · 01 网格", "category": "占用消防通道", "state": "open", "word": "处理中", "start": at - 5 * HOURS, "due": at + 51 * HOURS, "many": 1},
    ]  # fmt: skip


@page(Needs.PUBLIC)
def gallery(request: HttpRequest) -> HttpResponse:
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "已收到，编号 20261123-0042。")
        return redirect("gallery")
    at = now(request)
    context = {
        "form": form,
        "rows": rows(request),
        "page": Page([1], "x", first=False),
        "why": WHY,
        "one_reason": WHY[:1],
        "divisions": divisions(),
        "points": points(request),
        "states": ["late", "soon", "open", "new", "done", "paused", "off"],
        "entries": [
            {"what": "已受理", "at": at - 26 * HOURS, "who": "李静", "took": HOURS / 6},
            {"what": "派遣给 市政服务中心", "at": at - 25 * HOURS, "who": "李静", "why": WHY},
            {"what": "退单", "at": at - 20 * HOURS, "who": "王强", "note": "不属于本单位：燃气井盖由燃气公司维护。", "state": "soon", "icon": "state-soon"},
            {"what": "返工：核查未通过", "at": at - 2 * HOURS, "who": "张敏", "state": "late"},
        ],
        "stages": [
            {"name": "受理", "span": HOURS / 4},
            {"name": "派遣", "span": HOURS / 2},
            {"name": "处理", "span": 9 * HOURS, "late": True},
            {"name": "挂账", "span": 6 * HOURS, "paused": True},
            {"name": "核查", "span": 2 * HOURS},
        ],
        "photos": [
            {"thumb": f"/gallery/picture/{hue}.svg", "url": f"/gallery/picture/{hue}.svg", "alt": f"照片 {hue}"}
            for hue in (20, 200, 120)
        ],
        "before": {"url": "/gallery/picture/20.svg", "alt": "破损的井盖"},
        "after": {"url": "/gallery/picture/120.svg", "alt": "换好的井盖"},
    }  # fmt: skip
    return render(request, "gallery/gallery.html", context, status=422 if form.is_bound else 200)


@page(Needs.PUBLIC)
def report(request: HttpRequest) -> HttpResponse:
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return render(request, "gallery/sent.html", {"sent": request.POST})
    context = {"form": form, "divisions": divisions(), "words": ["燃气", "起火"]}
    return render(request, "gallery/report.html", context, status=422 if form.is_bound else 200)


@page(Needs.PUBLIC, methods=("POST",))
def photo(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"id": request.POST["key"], "thumb": "/gallery/picture/200.svg"})


@page(Needs.PUBLIC)
def refused(request: HttpRequest, kind: str) -> HttpResponse:
    raise getattr(errors, kind)("案卷已经被别人派遣，请看现在的情况。")


@page(Needs.PUBLIC)
def row(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "gallery/row.html", {"number": number})


@page(Needs.PUBLIC)
def picture(request: HttpRequest, hue: int) -> HttpResponse:
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300">'
        f'<rect width="400" height="300" fill="hsl({hue} 40% 62%)"/>'
        f'<circle cx="200" cy="160" r="90" fill="hsl({hue} 30% 35%)"/></svg>'
    )
    return HttpResponse(drawn, content_type="image/svg+xml")
