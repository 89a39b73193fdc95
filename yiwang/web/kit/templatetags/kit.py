"""The parts, for templates: `{% load kit %}`."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.web.kit import assets, paging, say, states

register = template.Library()


@register.simple_tag
def asset(entry: str) -> SafeString:
    """Style sheets and script of a browser entry: `{% asset "map" %}`."""
    chunks = assets.chunks_of(entry)
    styles = [(assets.address(css),) for chunk in chunks for css in chunk.get("css", [])]
    scripts = [(assets.address(chunk["file"]),) for chunk in chunks[:1]]
    early = [(assets.address(chunk["file"]),) for chunk in chunks[1:]]
    return format_html(
        "{}{}{}",
        format_html_join("", '<link rel="stylesheet" href="{}">', styles),
        format_html_join("", '<link rel="modulepreload" href="{}">', early),
        format_html_join("", '<script type="module" src="{}"></script>', scripts),
    )


@register.simple_tag
def asset_url(name: str) -> str:
    """Address of a built file by its name in the manifest."""
    return assets.address(assets.manifest().get(name, {}).get("file", name))


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless it carries a label."""
    return _icon(assets.sprite(), name, str(label), css)


@lru_cache(1_024)
def _icon(sprite: str, name: str, label: str, css: str) -> SafeString:
    """A page has dozens, of few kinds."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"/></svg>',
        css,
        SafeString(spoken),
        sprite,
        name,
    )


@register.inclusion_tag("kit/parts/state.html")
def state(key: str, word: object = "", bare: bool = False) -> dict[str, object]:
    """Shape, word and colour of a state: `{% state "late" %}`, `{% state "open" word=case.stage_name %}`."""
    look = states.look_of(key)
    return {"look": look, "word": word or look.word, "bare": bare}


@register.inclusion_tag("kit/parts/clock.html")
def clock(
    due: datetime | None,
    now: datetime,
    start: datetime | None = None,
    state: str = "",
    left: timedelta | None = None,
    paused: bool = False,
    show_due: bool = False,
) -> dict[str, object]:
    """What is left until `due`, as text and thin bar.

    `left`: counted (working) time where it differs from the clock on the wall. `state`: from the kernel where it
    knows; else late after the due moment, soon in the last fifth of the way from `start`.
    """
    if due is None:
        return {"due": None}
    span = (due - now) if left is None else left
    used = _share(start, due, now)
    key = "paused" if paused else state or ("late" if span < timedelta() else _soon(used))
    return {
        "due": due,
        "exact": say.exact(due),
        "said": say.remaining(span),
        "moment": say.moment(due, now),
        "look": states.look_of(key),
        "used": None if used is None else round(used * 100),
        "paused": paused,
        "show_due": show_due,
    }


def _share(start: datetime | None, due: datetime, now: datetime) -> float | None:
    """How much of the way is used, 0 … 1; None without a beginning."""
    if start is None or due <= start:
        return None
    return min(1.0, max(0.0, (now - start) / (due - start)))


def _soon(used: float | None) -> str:
    return "soon" if used is not None and used >= states.SOON else "open"


@register.inclusion_tag("kit/parts/why.html")
def why(trace: Iterable[Sentence | Mapping[str, Any]], label: object = "") -> dict[str, object]:
    """A disclosure with the reasons; takes sentences or their stored JSON."""
    said = [
        item if isinstance(item, Sentence) else Sentence.from_json(item) for item in (trace or ())
    ]
    return {"trace": said, "label": label}


@register.inclusion_tag("kit/parts/empty.html")
def empty(
    title: object, hint: object = "", icon: str = "inbox", url: str = "", action: object = ""
) -> dict[str, object]:
    """What will appear here, and what to do about it."""
    return {"title": title, "hint": hint, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("kit/parts/place.html")
def place(
    address: object, path: object = "", doubt: object = "", why: object = ()
) -> dict[str, object]:
    """Where something is: address, community and grid, and what makes the program doubt it."""
    return {"address": address, "path": path, "doubt": doubt, "why": why}


@register.inclusion_tag("kit/parts/pages.html", takes_context=True)
def pages(context: template.RequestContext, page: "paging.Page[Any]") -> dict[str, object]:
    """Links to the first and the next page, keeping the filters of the address."""
    request: HttpRequest = context["request"]
    kept = [(k, v) for k, values in request.GET.lists() if k != paging.PARAMETER for v in values]
    first, following = urlencode(kept), ""
    if page.next:
        following = urlencode([*kept, (paging.PARAMETER, page.next)])
    return {"page": page, "first": f"?{first}", "next": f"?{following}" if following else ""}


@register.inclusion_tag("kit/parts/timeline.html")
def timeline(entries: Iterable[Mapping[str, Any]], now: datetime) -> dict[str, object]:
    """What happened, in order. An entry: what, at; and where known who, note, state, took, photos, why."""
    return {"entries": entries, "now": now}


@register.inclusion_tag("kit/parts/stage_bar.html")
def stage_bar(stages: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """How long each stage took. A stage: name, span (timedelta); and where true paused, late."""
    known = [stage for stage in stages if stage["span"] > timedelta()]
    whole = sum((stage["span"] for stage in known), timedelta())
    drawn, x = [], 0.0
    for stage in known:
        share = stage["span"] / whole * 100
        drawn.append({**stage, "x": f"{x:.3f}%", "width": f"{share:.3f}%"})
        x += share
    return {"stages": drawn, "whole": say.duration(whole)}


@register.inclusion_tag("kit/parts/photos.html")
def photos(items: Iterable[Mapping[str, Any]], label: object = "") -> dict[str, object]:
    """A strip of photos. An item: thumb, url, alt; and where known caption."""
    return {"items": items, "label": label}


@register.inclusion_tag("kit/parts/compare.html")
def before_after(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, object]:
    """Two photos with a slider between them; each: url, alt."""
    return {"before": before, "after": after}


@register.inclusion_tag("kit/parts/confirm.html", takes_context=True)
def confirm(
    context: template.RequestContext,
    id: str,  # noqa: A002 - the name of the attribute it becomes
    title: object,
    text: object,
    url: str,
    action: object,
    danger: bool = False,
) -> dict[str, object]:
    """A dialog that asks once more; open it with a button `data-opens="<id>"`."""
    return {
        "id": id,
        "title": title,
        "text": text,
        "url": url,
        "action": action,
        "danger": danger,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_tag
def moment(at: datetime | None, now: datetime) -> SafeString | str:
    """今天 16:20, with the exact moment on hover."""
    return _time(at, say.moment(at, now)) if at else "—"


@register.simple_tag
def ago(at: datetime | None, now: datetime) -> SafeString | str:
    """5 分钟前, with the exact moment on hover."""
    return _time(at, say.ago(at, now)) if at else "—"


def _time(at: datetime, said: str) -> SafeString:
    exact = say.exact(at)
    machine = say.local(at).isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, said)


@register.filter
def duration(span: timedelta | None) -> str:
    """2 小时 15 分; nothing is "—"."""
    return "—" if span is None else say.duration(span)


@register.filter
def exact(at: datetime | None) -> str:
    return "—" if at is None else say.exact(at)


@register.filter
def percent(share: float | None) -> str:
    """0.954 → 95.4 %; a rate without a denominator is "—"."""
    return "—" if share is None else f"{share * 100:.1f}%"


@register.filter
def in_language(sentence: Sentence | Mapping[str, Any]) -> str:
    """A sentence, or its stored JSON, in the reader's language."""
    held = sentence if isinstance(sentence, Sentence) else Sentence.from_json(sentence)
    return held.text()


@register.inclusion_tag("kit/parts/town_map.html")
def town_map(
    label: object = "", size: str = "", pick: bool = False, **attributes: object
) -> dict[str, object]:
    """Our own map; see browser/map/element.ts for the attributes: divisions, points, center, zoom, point, cluster,
    lon_field, lat_field, accuracy_field. A page that shows it adds `{% asset "map" %}`.
    """
    known = {k.replace("_", "-"): v for k, v in attributes.items() if v not in (None, "", False)}
    return {"label": label, "size": size, "pick": pick, "attributes": known, "words": _map_words()}


def _map_words() -> str:
    words = {
        "title": _("地图"),
        "zoomIn": _("放大"),
        "zoomOut": _("缩小"),
        "locate": _("我的位置"),
        "locating": _("正在定位…"),
        "located": _("已定位，误差约 %(metres)s 米；不准可以拖动标记。"),
        "locatedAlone": _("已定位，误差约 %(metres)s 米。"),
        "refused": _("没有取得位置。请在地图上点一下，或填写地址。"),
        "refusedAlone": _("没有取得位置，请填写地址。"),
        "pin": _("位置标记，可用方向键移动"),
        "picked": _("位置已标出；可以拖动标记调整。"),
        "twoFingers": _("用两根手指移动地图"),
        "ctrlScroll": _("按住 Ctrl 并滚动来缩放地图"),
        "failed": _("地图没有画出来，请填写地址。"),
    }
    return json.dumps(words, ensure_ascii=False)


@register.inclusion_tag("kit/parts/photo_picker.html")
def photo_picker(
    name: str = "photos",
    most: int = 6,
    upload: str = "",
    keep: str = "report",
) -> dict[str, object]:
    """Up to `most` photos with preview. With `upload` each is sent at once and `name` carries ids, else files."""
    words = {
        "remove": _("删除这张照片"),
        "retry": _("没传上去，点此重试"),
        "tooMany": _("最多 %(most)d 张照片，多出的没有加入。") % {"most": most},
        "failed": _("照片没有传上去，请重试。"),
        "waiting": _("照片正在上传"),
    }
    return {
        "name": name,
        "most": most,
        "upload": upload,
        "keep": keep,
        "words": json.dumps(words, ensure_ascii=False),
    }
