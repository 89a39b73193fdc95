"""The door of the stream: pages of others hear nothing, and every answer says what may be done with it."""

import asyncio
from typing import Any

import pytest

from yiwang.web.live.app import Live

SESSION = (b"cookie", b"sessionid=abcdefghijklmnop")


def asked(*headers: tuple[bytes, bytes], path: str = "/live/stream", method: str = "GET") -> Any:
    """What the process answers before it has found its database: (status, headers)."""
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"", "headers": list(headers),
    }  # fmt: skip
    asyncio.run(Live()(scope, receive, send))
    return said[0]["status"], dict(said[0]["headers"])


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "header",
    [
        (b"origin", b"https://evil.example"), (b"origin", b"null"),
        (b"origin", b"http://127.0.0.1.evil.example"), (b"origin", b"http://127.0.0.1:1"),
        (b"sec-fetch-site", b"cross-site"), (b"sec-fetch-site", b"same-site"),
    ],
)  # fmt: skip
def test_the_page_of_somebody_else_hears_nothing(header: tuple[bytes, bytes], method: str) -> None:
    path = "/live/stream" if method == "GET" else "/live/hold"
    status, headers = asked(SESSION, header, path=path, method=method)
    assert status == 403
    assert b"access-control-allow-origin" not in headers


def test_our_own_pages_are_let_in_by_their_name_and_by_no_star(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["yiwang.example.cn", "*"]
    status, headers = asked(SESSION, (b"origin", b"http://yiwang.example.cn"))
    assert status == 503  # past the door, where no office stands in this test
    assert headers[b"access-control-allow-origin"] == b"http://yiwang.example.cn"
    assert asked(SESSION, (b"origin", b"http://other.example.cn"))[0] == 403


def test_every_answer_has_the_walls_of_a_page(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31536000
    for path in ("/live/health", "/live/stream", "/live/nothing"):
        for header in (SESSION, (b"origin", b"https://evil.example")):
            _status, headers = asked(header, path=path)
            assert headers[b"x-content-type-options"] == b"nosniff"
            assert headers[b"referrer-policy"] == b"same-origin"
            assert headers[b"strict-transport-security"] == b"max-age=31536000; includeSubDomains"
            for part in (b"object-src", b"base-uri", b"frame-ancestors"):
                assert part + b" 'none'" in headers[b"content-security-policy"]
