"""A short-message gateway over HTTP, described by settings: address, body, headers, and how it says yes.

Places {phone} {text} {key} (and {event} {number} {link}) are filled inside values only: a text with quotes or
ampersands in it changes no structure. What may have been taken is never handed in again by itself.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

import httpx

from yiwang.outside.answer import Answer, later, refused, taken, unclear
from yiwang.outside.sms import Text

# Its own log line repeats the address, and a gateway may want the number there.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_PLACE = re.compile(r"\{(\w+)\}")
BUSY = frozenset({408, 425, 429, 500, 503})
ANSWER_AT_MOST = 64 * 1024


@dataclass(frozen=True)
class Rule:
    """How an answer is read: `path` into its JSON (Data.0.Code) equals one of `values`; no path: the text begins so."""

    path: str
    values: tuple[str, ...]

    @classmethod
    def parse(cls, written: str) -> "Rule | None":
        """`Code=OK`, `result.code=0|200`, `^OK`; empty is no rule.

        Raises:
            ValueError: neither.
        """
        if not written:
            return None
        if written.startswith("^"):
            return cls("", (written[1:],))
        path, equals, values = written.partition("=")
        if not equals or not path:
            raise ValueError("expected a path and a value, like Code=OK, or ^OK")
        return cls(path.strip(), tuple(value.strip() for value in values.split("|")))

    def fits(self, answer: str, body: object) -> bool:
        if not self.path:
            return answer.lstrip().startswith(self.values)
        found = found_at(body, self.path)
        return found is not None and found in self.values


@dataclass(frozen=True)
class Gateway:
    """See docs/recipes/notices.md for the settings of a few gateways."""

    url: str
    method: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    success: Rule | None = None
    never: Rule | None = None
    id_at: str = ""
    timeout: float = 10
    knows_keys: bool = False

    def send(self, text: Text) -> Answer:
        places = {**text.fields, "phone": text.phone, "text": text.text, "key": text.key}
        try:
            with httpx.Client(timeout=self.timeout, trust_env=False) as client:
                answer = client.send(self._request(client, places))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return later("unreachable")
        except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError):
            return self._doubtful("no_answer")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return refused("cannot_be_written", type(error).__name__)
        return self._read(answer)

    def _request(self, client: httpx.Client, places: Mapping[str, str]) -> httpx.Request:
        url = filled(self.url, places, quote)
        headers = dict(self.headers)
        content: str | None = None
        if self.body.lstrip().startswith(("{", "[")):
            content = json.dumps(_filled_json(json.loads(self.body), places), ensure_ascii=False)
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        elif self.body:
            content = filled(self.body, places, quote_plus)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        return client.build_request(
            self.method, url, content=content.encode() if content else None, headers=headers
        )

    def _read(self, answer: httpx.Response) -> Answer:
        said = answer.text[:ANSWER_AT_MOST]
        words = f"{answer.status_code} {said[:150]}"
        if answer.status_code in BUSY:
            return later("gateway_busy", words)
        if answer.status_code >= 500:
            return self._doubtful("no_answer", words)
        if answer.status_code in (401, 403):
            return later("gateway_sign_in", words)
        if not answer.is_success:
            return refused("gateway_refused", words)
        body = _json_of(said)
        if self.success is None or self.success.fits(said, body):
            return taken(found_at(body, self.id_at) or "" if self.id_at else "")
        if self.never is not None and self.never.fits(said, body):
            return refused("gateway_refused", words)
        return later("gateway_not_now", words, theirs=False)

    def _doubtful(self, reason: str, words: str = "") -> Answer:
        return later(reason, words) if self.knows_keys else unclear(reason, words)


def filled(template: str, places: Mapping[str, str], quoted: Any = str) -> str:
    """The template with its places filled, each value quoted for where it stands."""
    return _PLACE.sub(lambda found: quoted(places.get(found[1], "")), template)


def _filled_json(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return filled(value, places)
    if isinstance(value, list):
        return [_filled_json(item, places) for item in value]
    if isinstance(value, dict):
        return {name: _filled_json(item, places) for name, item in value.items()}
    return value


def _json_of(said: str) -> object:
    try:
        return json.loads(said)
    except ValueError:
        return None


def found_at(body: object, path: str) -> str | None:
    """The value at a dotted path as text, None where there is none."""
    for part in path.split("."):
        if isinstance(body, dict):
            body = body.get(part)
        elif isinstance(body, list) and part.isdigit() and int(part) < len(body):
            body = body[int(part)]
        else:
            return None
    if isinstance(body, bool):
        return str(body).lower()
    return None if body is None or isinstance(body, dict | list) else str(body)
