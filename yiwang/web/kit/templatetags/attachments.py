"""Boxes for files and files as they are shown, for templates: `{% load attachments %}`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.foundation.files.rules import KINDS, Kind, said_size

register = template.Library()


@dataclass(frozen=True)
class Picks:
    """The words on a box for files."""

    label: Any
    hint: Any


PICKS = {
    Kind.VIDEO: Picks(
        gettext_lazy("拍视频或选视频"),
        gettext_lazy("最多 %(most)s 段，%(seconds)s 秒以内，不超过 %(size)s"),
    ),
    Kind.VOICE: Picks(
        gettext_lazy("录音或选录音"),
        gettext_lazy("最多 %(most)s 段，%(seconds)s 秒以内；只有受理人员能听"),
    ),
    Kind.DOCUMENT: Picks(
        gettext_lazy("选文件"),
        gettext_lazy("最多 %(most)s 个，每个不超过 %(size)s：PDF、Word、Excel、文本"),
    ),
}
TOO_MANY = {
    Kind.VIDEO: gettext_lazy("最多 %(most)s 段视频，多出的没有加入。"),
    Kind.VOICE: gettext_lazy("最多 %(most)s 段录音，多出的没有加入。"),
    Kind.DOCUMENT: gettext_lazy("最多 %(most)s 个文件，多出的没有加入。"),
}


@register.inclusion_tag("kit/parts/file_picker.html")
def file_picker(
    kind: str,
    name: str,
    *,
    upload: str = "",
    keep: str = "report",
    ids: Iterable[object] = (),
    wrong: Iterable[object] = (),
) -> dict[str, object]:
    """A box for films, voices or documents: as `photo_picker`, in rows. `ids` were kept before, `wrong` is said below.

    What travels with the form is called `<name>_files`.
    """
    wanted = Kind(kind)
    rule, asks = KINDS[wanted], PICKS[wanted]
    size = said_size(rule.max_bytes)
    words = {
        "remove": _("删除"),
        "retry": _("没传上去，点此重试"),
        "tooMany": TOO_MANY[wanted] % {"most": rule.most},
        "tooLarge": _("{file}：有 {size}，太大了：%(kind)s最多 %(most)s")
        % {"kind": _(rule.name), "most": size},
        "failed": _("没有传上去，请重试。"),
        "waiting": _("正在上传"),
        "sent": _("已上传"),
        "kept": _(rule.name),
    }
    return {
        "kind": wanted.value,
        "name": name,
        "most": rule.most,
        "bytes": rule.max_bytes,
        "accepts": rule.accepts,
        "upload": upload,
        "keep": keep,
        "ids": list(ids),
        "wrong": list(wrong),
        "label": asks.label,
        "hint": asks.hint % {"most": rule.most, "seconds": rule.max_seconds, "size": size},
        "words": json.dumps(words, ensure_ascii=False),
    }


@register.inclusion_tag("kit/parts/attached.html")
def attached(items: Iterable[object]) -> dict[str, object]:
    """Films with a player, voices with theirs, documents as rows: each a `web.kit.attached.Attached`."""
    return {"items": list(items)}
