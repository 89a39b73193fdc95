"""How an audit row becomes a hash, and what can be found wrong with a chain. Pure.

payload = sha256 of the canonical JSON of [subject type, subject id, at, actor kind, actor id, actor name, verb, facts, digests];
hash = sha256(hash of the row before · sequence number as 8 bytes · payload). The database computes the same.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from yiwang.kernel.foundation.sentences import N_, Sentence

GENESIS = b""  # what stands before the first row
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_UNCHANGED = {str, int, bool, type(None)}  # come back from JSON as they were
EXACT_BELOW = 1e15  # larger floats come back from the table written differently


class Wrong(StrEnum):
    """What can be wrong with the record."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    MISSING_LAST = "missing_last"
    TEXT_CHANGED = "text_changed"
    TEXT_MISSING = "text_missing"
    ERASED_UNRECORDED = "erased_unrecorded"
    SEAL_BROKEN = "seal_broken"
    SEAL_DISAGREES = "seal_disagrees"


SAID = {
    Wrong.CHANGED: N_("%(subject)s 第 %(seq)s 条记录被改动"),
    Wrong.REMOVED: N_("%(subject)s 第 %(seq)s 条记录被删除"),
    Wrong.INSERTED: N_("%(subject)s 第 %(seq)s 条记录是事后插入的"),
    Wrong.MISSING_LAST: N_("%(subject)s 第 %(seq)s 条及以后的记录缺失"),
    Wrong.TEXT_CHANGED: N_("%(subject)s 第 %(seq)s 条记录的文字被改动"),
    Wrong.TEXT_MISSING: N_("%(subject)s 第 %(seq)s 条记录的文字缺失"),
    Wrong.ERASED_UNRECORDED: N_("%(subject)s 第 %(seq)s 条记录的文字被清除，但没有清除记录"),
    Wrong.SEAL_BROKEN: N_("%(subject)s 的每日封存对不上"),
    Wrong.SEAL_DISAGREES: N_("%(subject)s 第 %(seq)s 条记录与封存时不一致"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: what, with which subject ("case 17"), at which row of it (0: the subject as a whole)."""

    wrong: Wrong
    subject_type: str
    subject_id: str
    seq: int = 0

    @property
    def sentence(self) -> Sentence:
        subject = f"{self.subject_type} {self.subject_id}"
        if self.wrong is Wrong.MISSING_LAST and not self.seq:
            return Sentence(N_("%(subject)s 的记录全部缺失"), {"subject": subject})
        return Sentence(SAID[self.wrong], {"subject": subject, "seq": self.seq})


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they will come back from a JSON column; days, moments and UUIDs become text.

    Raises:
        TypeError: a value that has no JSON form.
        ValueError: a number a JSON column would not give back as it was.
    """
    if all(type(value) in _UNCHANGED for value in facts.values()):
        return dict(facts)
    text = json.dumps(facts, default=_written, allow_nan=False)
    held: dict[str, Any] = json.loads(text, parse_float=_exact)
    return held


def canonical(value: object) -> bytes:
    """One byte sequence for one JSON value."""
    return _CANONICAL(value).encode()


def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond, as it is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def payload_of(
    subject_type: str,
    subject_id: str,
    at: datetime,
    actor: tuple[str, int | None, str],
    verb: str,
    facts: Mapping[str, Any],
    digests: Mapping[str, str],
) -> bytes:
    """32 bytes over everything a row says."""
    parts = [subject_type, subject_id, moment(at), *actor, verb, facts, digests]
    return hashlib.sha256(canonical(parts)).digest()


def chained(previous: bytes, seq: int, payload: bytes) -> bytes:
    """The row's hash: 32 bytes over the row before, its place and its payload."""
    return hashlib.sha256(previous + seq.to_bytes(8, "big") + payload).digest()


def text_digests(texts: Mapping[str, str], salt: bytes) -> dict[str, str]:
    """A salted digest for each personal text: once salt and text are erased, nothing can be guessed back."""
    return {
        key: hashlib.sha256(salt + canonical([key, text])).hexdigest()
        for key, text in texts.items()
    }


def line_of(subject_type: str, subject_id: str, seq: int, head: bytes) -> bytes:
    """One sealed head, as it enters the root."""
    return hashlib.sha256(canonical([subject_type, subject_id, seq, head.hex()])).digest()


def root_of(lines: Iterable[bytes]) -> bytes:
    """One hash over the lines of a day, in their order."""
    root = hashlib.sha256()
    for line in lines:
        root.update(line)
    return root.digest()


def seal_of(day: date, heads: int, entries: int, root: bytes, previous: bytes) -> bytes:
    """The seal of a day, chained to the seal before."""
    parts = [day.isoformat(), heads, entries, root.hex(), previous.hex()]
    return hashlib.sha256(canonical(parts)).digest()


def _written(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a fact cannot hold {type(value).__name__}")


def _exact(text: str) -> float:
    number = float(text)
    if abs(number) >= EXACT_BELOW:
        raise ValueError(f"a fact cannot hold the number {text}: write it as text")
    return number + 0.0  # the table knows no minus zero
