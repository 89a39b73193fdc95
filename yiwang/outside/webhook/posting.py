"""Posting to an endpoint: signed, to an address looked at beforehand, without following where it points."""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from yiwang.outside.answer import Answer, later, refused, taken
from yiwang.outside.webhook import Post
from yiwang.outside.webhook.addresses import Private, checked, resolved

logging.getLogger("httpx").setLevel(logging.WARNING)
BUSY = frozenset({408, 425, 429})


def signature(secret: str, at: int, body: bytes) -> str:
    """`t=1764000000,v1=<hex>`: HMAC-SHA256 over "<t>.<body>", so that a caught post cannot be played again later."""
    signed = hmac.digest(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hex()}"


def is_signed(header: str, secret: str, body: bytes, *, now: int, within: int = 300) -> bool:
    """What a receiver does: compare in constant time, and refuse what is older than `within` seconds."""
    said = dict(part.partition("=")[::2] for part in header.split(","))
    if not said.get("t", "").isdecimal() or abs(now - int(said["t"])) > within:
        return False
    return hmac.compare_digest(signature(secret, int(said["t"]), body), header)


@dataclass(frozen=True)
class Poster:
    """`private` opens the town's own network and plain http."""

    timeout: float
    private: bool

    def send(self, post: Post) -> Answer:
        """Post once. The same key may arrive again: receivers keep the keys they have seen."""
        try:
            _scheme, host, port = checked(post.url, private=self.private)
            address = resolved(host, port, private=self.private)
        except Private:
            return refused("private_address")
        except ValueError:
            return refused("cannot_be_written")
        except OSError:
            return later("unreachable", "DNS")
        return self._post(post, host, httpx.URL(post.url).copy_with(host=address, port=port))

    def _post(self, post: Post, host: str, url: httpx.URL) -> Answer:
        headers = {
            "Host": urlsplit(post.url).netloc,
            "Content-Type": "application/json",
            "User-Agent": "yiwang",
            "Yiwang-Id": post.key,
            "Yiwang-Event": post.event,
            "Yiwang-Signature": signature(post.secret, post.at, post.body),
        }
        try:
            with (
                httpx.Client(timeout=self.timeout, trust_env=False) as client,
                client.stream(
                    "POST", url, content=post.body, headers=headers,
                    extensions={"sni_hostname": host},
                ) as answer,
            ):  # fmt: skip
                return _read(answer.status_code)
        except httpx.TimeoutException:
            return later("timeout")
        except httpx.HTTPError as error:
            return later("unreachable", type(error).__name__)


def _read(status: int) -> Answer:
    """The status alone is the answer; the body is not fetched."""
    if 200 <= status < 300:
        return taken()
    if status in BUSY or status >= 500:
        return later("endpoint_trouble", status)
    return refused("endpoint_refused", status)
