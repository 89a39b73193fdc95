"""The live process as an ASGI application: four addresses, no form, nothing written.

GET  /live/stream   server-sent events for one desk          POST /live/hold?case=    a case is open for handling
GET  /live/part     a piece of a page, drawn for many        POST /live/leave?case=   it no longer is
GET  /live/health   does it hear the database?
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils import timezone, translation

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.web.kit.live import PARTS, PERSONAL, Piece, draw_piece, origins
from yiwang.web.live.office import Office
from yiwang.web.live.readers import Reader

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BEAT = 15.0  # seconds of silence after which a stream gives a sign of life
STREAMS = 2_000
STREAMS_OF_ONE = 12  # of one session: windows and tabs
QUERY_AT_MOST = 2_000
# What every page says too (config/settings): nothing here is shown, framed or guessed at.
WALLS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
)


class Refusal(Exception):
    """An answer without a body."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Live:
    """ASGI. Granian tells of the beginning and the end (lifespan)."""

    def __init__(self) -> None:
        self.office: Office | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        try:
            allowed = _origin(headers)
            await self._answer(scope, headers, allowed, receive, send)
        except Refusal as refusal:
            await _send(send, refusal.status, b"", _cors(_origin_named(headers)))

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.office = Office()
                self.office.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self.office is not None:
                    await self.office.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(
        self, scope: Scope, headers: Mapping[str, str], allowed: str, receive: Receive, send: Send
    ) -> None:
        office = self.office
        if office is None:
            raise Refusal(503)
        method, path = scope["method"], scope["path"]
        if (method, path) == ("GET", "/live/health"):
            await _send(send, 200 if office.hears else 503, b"", ())
            return
        raw = scope["query_string"].decode("latin-1")
        if len(raw) > QUERY_AT_MOST:
            raise Refusal(414)
        query = dict(parse_qsl(raw))
        session_key = _session_key(headers)
        known = {
            ("GET", "/live/stream"): self._stream,
            ("GET", "/live/part"): self._part,
            ("POST", "/live/hold"): self._hold,
            ("POST", "/live/leave"): self._leave,
        }.get((method, path))
        if known is None:
            raise Refusal(404)
        reader = await office.reader(session_key)
        if reader is None:
            raise Refusal(401)
        await known(office, reader, query, headers, allowed, receive, send)

    async def _stream(
        self, office: Office, reader: Reader, query: Mapping[str, str], headers: Mapping[str, str],
        allowed: str, receive: Receive, send: Send,
    ) -> None:  # fmt: skip
        hub = office.hub
        if len(hub.desks) >= STREAMS or hub.open_in(reader.session_key) >= STREAMS_OF_ONE:
            raise Refusal(503)
        since = _millis(headers.get("last-event-id") or query.get("since", ""))
        desk = hub.enter(reader, since)
        try:
            kind = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
            await _begin(send, 200, [*kind, *_cors(allowed)])
            # Whoever is cut off comes back after a time of their own: not all in the same instant.
            again = 2_000 + secrets.randbelow(4_000)
            await _more(send, f"retry: {again}\n\n".encode())
            await _talk(desk, receive, send)
        finally:
            hub.leave(desk)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _part(
        self, office: Office, reader: Reader, query: Mapping[str, str], headers: Mapping[str, str],
        allowed: str, receive: Receive, send: Send,
    ) -> None:  # fmt: skip
        if office.hub.reader_of(reader.session_key) is None:
            raise Refusal(409)  # only for those who listen: what changed for them is known
        name, language = query.get("name", ""), query.get("lang", "")
        if name not in PARTS:
            raise Refusal(404)
        asked = sorted(parse_qsl(query.get("q", "")))
        drawn = [
            b'"%s":%s'
            % (key.encode(), await self._piece(office, reader, (name, key), piece, asked, language))
            for key, piece in PARTS[name].items()
        ]
        body = b"{" + b",".join(drawn) + b"}"
        await _send(send, 200, body, [(b"content-type", b"application/json"), *_cors(allowed)])

    async def _piece(
        self, office: Office, reader: Reader, name: tuple[str, str], piece: Piece,
        asked: list[tuple[str, str]], language: str,
    ) -> bytes:  # fmt: skip
        chosen = "en" if language.startswith("en") else "zh-hans"
        audience, user_id = reader.audience, reader.user_id
        mine = [pair for pair in asked if pair[0] not in piece.ignores]
        own = user_id if any(key in PERSONAL for key, _value in mine) else audience.alone
        text = urlencode(mine)

        def draw() -> bytes:
            with translation.override(chosen):
                user = User.objects.get(pk=user_id)
                with speaking_as(user):
                    return draw_piece(piece, user, timezone.now(), text)

        changed = office.hub.changed_at.get(audience, 0.0)
        key = (*name, chosen, text, audience.duties, own)
        return await office.parts.get(key, max(changed, time.monotonic() - BEAT), draw)

    async def _hold(
        self, office: Office, reader: Reader, query: Mapping[str, str], headers: Mapping[str, str],
        allowed: str, receive: Receive, send: Send,
    ) -> None:  # fmt: skip
        case_id = _number(query.get("case", ""))
        if office.hub.reader_of(reader.session_key) is None:
            raise Refusal(409)
        case = await office.sight(case_id, reader.user_id)
        if case is not None and office.hub.holds.take(
            reader.user_id,
            reader.name,
            case,
            millis=int(time.time() * 1000),
            clock=time.monotonic(),
        ):
            office.hub.held(case)
        await _send(send, 204, b"", _cors(allowed))

    async def _leave(
        self, office: Office, reader: Reader, query: Mapping[str, str], headers: Mapping[str, str],
        allowed: str, receive: Receive, send: Send,
    ) -> None:  # fmt: skip
        case = office.hub.holds.leave(reader.user_id, _number(query.get("case", "")))
        if case is not None:
            office.hub.held(case)
        await _send(send, 204, b"", _cors(allowed))


async def _talk(desk: Any, receive: Receive, send: Send) -> None:
    """Say what comes until the desk ends or its browser is gone."""
    gone = asyncio.create_task(_until_gone(receive))
    try:
        while not desk.ended and not gone.done():
            said = asyncio.ensure_future(desk.out.get())
            await asyncio.wait({said, gone}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            if said.done():
                if said.result():
                    await _more(send, said.result())
            else:
                said.cancel()
                if not gone.done():
                    await _more(send, b": \n\n")
    except (ConnectionError, RuntimeError, OSError):
        pass  # the browser went while it was spoken to
    finally:
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _origin(headers: Mapping[str, str]) -> str:
    """The origin that may read the answer; none is named for our own.

    Raises:
        Refusal: the page of somebody else asks.
    """
    named = headers.get("origin", "")
    if named and named.lower() not in origins():
        raise Refusal(403)
    if not named and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refusal(403)
    return named


def _origin_named(headers: Mapping[str, str]) -> str:
    named = headers.get("origin", "")
    return named if named.lower() in origins() else ""


def _cors(origin: str) -> list[tuple[bytes, bytes]]:
    found = [
        (b"vary", b"Origin"),
        (b"cache-control", b"no-store"),
    ]
    if origin:
        found += [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
        ]
    return found


def _session_key(headers: Mapping[str, str]) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        cookie = None
    if cookie is None or not (
        cookie.value.isascii() and cookie.value.isalnum() and len(cookie.value) <= 64
    ):
        raise Refusal(401)
    return cookie.value


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refusal(400)
    return int(text)


def _millis(text: str) -> float | None:
    return int(text) / 1000 if text.isascii() and text.isdigit() and len(text) < 16 else None


async def _begin(send: Send, status: int, headers: Any) -> None:
    said = [*headers, *WALLS]
    if settings.SECURE_HSTS_SECONDS:
        kept = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        said.append((b"strict-transport-security", kept.encode()))
    await send({"type": "http.response.start", "status": status, "headers": said})


async def _more(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _send(send: Send, status: int, body: bytes, headers: Any) -> None:
    await _begin(send, status, headers)
    await send({"type": "http.response.body", "body": body, "more_body": False})
