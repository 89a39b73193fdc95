"""Why a file was not taken, as sentences; each names the measure and says what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.files.rules import KINDS, Kind, said_size
from yiwang.kernel.foundation.sentences import N_

NOT_THIS: Mapping[Kind, str] = {
    Kind.VIDEO: N_("这不是能播放的视频：只接受%(formats)s"),
    Kind.VOICE: N_("这不是能播放的录音：只接受%(formats)s"),
    Kind.DOCUMENT: N_("不接受这种文件：只接受%(formats)s"),
}
SAID: Mapping[str, str] = {
    "no_picture": N_("里面没有画面，如果是录音，请放到录音一栏"),
    "has_picture": N_("里面有画面，请放到视频一栏"),
    "no_sound": N_("里面没有声音，请重新录"),
    "too_long": N_("太长了：%(seconds)s 秒，最多 %(most)s 秒，请剪短后再上传"),
    "too_many_pixels": N_("画面太大：%(width)s×%(height)s，请用 4K 以下的清晰度重拍"),
    "damaged": N_("文件不完整或已损坏，请重新拍摄、录制或另存一份"),
    "old_office": N_("是旧版 Office 文件，请另存为 docx、xlsx 或 PDF 后再上传"),
    "macros": N_("里面有宏、脚本或嵌入的程序，不能接收，请另存为不带宏的文件或 PDF"),
    "locked": N_("设了密码，打不开，请去掉密码后再上传"),
    "too_large_inside": N_("解开后太大，不能接收"),
    "too_many_pages": N_("页数太多：%(pages)s 页，最多 %(most)s 页"),
    "hidden": N_("里面的图片可能藏有拍摄地点，去不掉，不能公开"),
    "gave_up": N_("转换没有成功，可以下载原件"),
}


def unfit(kind: Kind, code: str, figures: Mapping[str, Any]) -> Invalid:
    """Return the refusal for what a look at the file found."""
    rule = KINDS[kind]
    said = SAID.get(code) or NOT_THIS[kind]
    shown = {name: round(it) if isinstance(it, float) else it for name, it in figures.items()}
    return Invalid(_(said) % {"formats": _(rule.formats), **shown}, field=kind.value, code=code)


def too_large(kind: Kind, size: int | None) -> Invalid:
    """Return the refusal of a file over its limit, with its size where that is known."""
    rule = KINDS[kind]
    words = {"kind": _(rule.name), "most": said_size(rule.max_bytes)}
    said = (
        _("有 %(size)s，太大了：%(kind)s最多 %(most)s") % {**words, "size": said_size(size)}
        if size
        else _("太大了：%(kind)s最多 %(most)s") % words
    )
    return Invalid(said, field=kind.value, code="too_large")


def empty(kind: Kind) -> Invalid:
    return Invalid(_("文件是空的"), field=kind.value, code="empty")


def problem(code: str) -> str:
    """Say why a film or voice could not be made ready; "" where nothing is wrong."""
    return _(SAID.get(code, SAID["damaged"])) if code else ""
