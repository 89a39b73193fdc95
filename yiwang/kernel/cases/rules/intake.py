"""What a report must be like to be taken in, and its fingerprint."""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from yiwang.kernel.cases.rules.stages import Channel, ReportKind
from yiwang.kernel.foundation.files.rules import KINDS, Kind
from yiwang.kernel.foundation.sentences import N_, Param, Sentence

TEXT_AT_MOST = 20_000
ADDRESS_AT_MOST = 200
NAME_AT_MOST = 60
PHOTOS_AT_MOST = KINDS[Kind.PHOTO].most
FILES_AT_MOST = sum(rule.most for rule in KINDS.values())
TITLE_LENGTH = 60

FOR_WHOM_NAMES = {"family": N_("家人"), "neighbour": N_("邻居"), "other": N_("他人")}
"""On whose behalf somebody speaks; oneself has no key."""

_PHONE = re.compile(r"^\+?[0-9][0-9 \-]{4,19}$")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class NewReport:
    """One voice as a door hands it in. Coordinates are WGS-84 degrees, accuracy is metres.

    `name` and `phone` are of who speaks; `for_whom` says on whose behalf ("": their own), `concerned` names that person.
    `follows` is the number of a case it is about (就是这件): a public one, or one the member of staff who takes it may read. `outer_due` with `outer_source` is a
    due time another system gave. `language` is what the reporter reads. `photo_ids` are files sent ahead, of every kind. `follow_code` may be made outside (13 characters, see foundation.numbering).
    """

    id: uuid.UUID
    text: str
    channel: Channel
    kind: ReportKind = ReportKind.COMPLAIN
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    address: str = ""
    chosen_area_id: int | None = None
    category_id: int | None = None
    name: str = ""
    phone: str = ""
    for_whom: str = ""
    concerned: str = ""
    outer_number: str = ""
    outer_due: datetime | None = None
    outer_source: str = ""
    follows: str = ""
    follow_code: str = ""
    photo_ids: tuple[uuid.UUID, ...] = field(default=())
    language: str = "zh-hans"


def clean_text(text: str) -> str:
    """Drop control characters (NUL among them) and the space around; keep lines and every script."""
    if text.isprintable():
        return text.strip()
    return _CONTROL.sub("", text.replace("\r\n", "\n")).strip()


def fingerprint(report: NewReport) -> bytes:
    """Return SHA-256 over all that was said, so that the same id with another content is noticed.

    Left out are the follow code, since a client that lost the first answer may have made another, and the language.
    """
    content = [
        clean_text(report.text), report.channel, report.kind, report.lon, report.lat,
        report.address.strip(), report.chosen_area_id, report.category_id, report.name.strip(),
        report.phone.strip(), report.outer_number, report.follows,
        sorted(str(photo) for photo in report.photo_ids),
    ]  # fmt: skip
    if report.for_whom or report.concerned:  # what was sent before there were these stays the same
        content += [report.for_whom, report.concerned.strip()]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).digest()


def faults(report: NewReport) -> list[tuple[str, Sentence]]:
    """Return (field, sentence) for everything that keeps the report from being taken in."""
    found: list[tuple[str, Sentence]] = []

    def fault(name: str, msgid: str, **params: Param) -> None:
        found.append((name, Sentence(msgid, params)))

    text = clean_text(report.text)
    if not text:
        fault("text", N_("请用几个字说明是什么事"))
    if len(text) > TEXT_AT_MOST:
        fault(
            "text",
            N_("文字太长：%(length)s 字，最多 %(most)s 字"),
            length=len(text),
            most=TEXT_AT_MOST,
        )
    if (report.lon is None) != (report.lat is None):
        fault("place", N_("位置不完整，请重新选择"))
    if (
        report.lon is not None
        and report.lat is not None
        and not is_on_earth(report.lon, report.lat)
    ):
        fault("place", N_("位置坐标不正确，请重新选择"))
    if report.accuracy_m is not None and not 0 <= report.accuracy_m < 1e7:
        fault("place", N_("定位精度不正确"))
    if len(report.address) > ADDRESS_AT_MOST:
        fault("address", N_("地点最多 %(most)s 字"), most=ADDRESS_AT_MOST)
    if len(report.name) > NAME_AT_MOST:
        fault("name", N_("姓名最多 %(most)s 字"), most=NAME_AT_MOST)
    if len(report.concerned) > NAME_AT_MOST:
        fault("concerned", N_("姓名最多 %(most)s 字"), most=NAME_AT_MOST)
    if report.for_whom and report.for_whom not in FOR_WHOM_NAMES:
        fault("for_whom", N_("请重新选择替谁反映"))
    if report.phone.strip() and not _PHONE.match(report.phone.strip()):
        fault("phone", N_("电话号码只能是数字，可以不填"))
    if len(report.photo_ids) > FILES_AT_MOST:
        fault("photos", N_("照片和文件一共最多 %(most)s 个"), most=FILES_AT_MOST)
    return found


def is_on_earth(lon: float, lat: float) -> bool:
    """Finite degrees within ±180 and ±90 (NaN is not)."""
    return -180 <= lon <= 180 and -90 <= lat <= 90


def label(text: str) -> str:
    """Return words for one line of a list, without the signs that turn the direction of reading of what stands beside."""
    if text.isprintable():
        return text.strip()
    return " ".join(_TURNING.sub("", clean_text(text)).split("\n"))


def title_of(text: str) -> str:
    """Return the first words of a report, for lists."""
    said = clean_text(text)
    line = label(said.split("\n", 1)[0]) or (said[:1] and "…")
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"
