"""Sentences kept as data, so that a stored "why" can be read in either language. No Django at import: rules use this."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Union

Param = Union[str, int, float, "Sentence"]


def N_(msgid: str) -> str:  # noqa: N802 - the usual name of the marker
    """Mark a Chinese text for translation without translating it now."""
    return msgid


@dataclass(frozen=True)
class Sentence:
    """A Chinese text with %(name)s places and what stands in them; a place may hold a sentence too."""

    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted((k, str(v)) for k, v in self.params.items()))))

    def text(self) -> str:
        """The sentence in the active language."""
        from django.utils.translation import gettext

        said = {
            name: value.text() if isinstance(value, Sentence) else value
            for name, value in self.params.items()
        }
        return gettext(self.msgid) % said if said else gettext(self.msgid).replace("%%", "%")

    def __str__(self) -> str:
        return self.text()

    def as_json(self) -> dict[str, Any]:
        """A value for a JSON column: {"msgid": …, "params": {…}}."""
        params = {
            name: value.as_json() if isinstance(value, Sentence) else value
            for name, value in self.params.items()
        }
        return {"msgid": self.msgid, "params": params}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Sentence":
        """The reverse of `as_json`."""
        params = {
            name: cls.from_json(held) if isinstance(held, Mapping) else held
            for name, held in value.get("params", {}).items()
        }
        return cls(value["msgid"], params)


def as_json(trace: Iterable[Sentence]) -> list[dict[str, Any]]:
    """A whole trace for a JSON column."""
    return [sentence.as_json() for sentence in trace]


def from_json(trace: Iterable[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    """A whole trace from a JSON column."""
    return tuple(Sentence.from_json(value) for value in trace)
