"""A piece is drawn once for all who ask, after the change they ask about, and drawing leaves room for the rest."""

import asyncio
import time
from collections.abc import Callable

import pytest

from yiwang.web.live import parts
from yiwang.web.live.parts import Parts


async def _at_once(work: Callable[[], bytes]) -> bytes:
    return work()


def _run(work: Callable[[], bytes]) -> "asyncio.Future[bytes]":
    return asyncio.ensure_future(_at_once(work))


@pytest.mark.parametrize(("cores", "rest"), [(2.0, parts.REST), (0.1, parts.REST_IN_A_STORM)])
def test_drawing_rests_longer_where_no_processor_is_free(
    monkeypatch: pytest.MonkeyPatch, cores: float, rest: float
) -> None:
    monkeypatch.setattr(parts.Idle, "cores", lambda self: cores)

    async def draw() -> tuple[float, float]:
        held = Parts(_run)
        began = time.monotonic()
        await held.get(("a",), 0.0, lambda: time.sleep(0.02) or b"1")
        spent = time.monotonic() - began
        await held.get(("b",), 0.0, lambda: b"2")
        return spent, time.monotonic() - began

    spent, whole = asyncio.run(draw())
    assert whole >= 0.02 * (1 + rest)
    assert whole < spent * (1 + rest) + 0.3


def test_a_slow_drawing_is_not_followed_by_a_long_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts.Idle, "cores", lambda self: 0.0)
    monkeypatch.setattr(parts, "REST_AT_MOST", 0.05)

    async def draw() -> float:
        held = Parts(_run)
        await held.get(("a",), 0.0, lambda: time.sleep(0.1) or b"1")
        began = time.monotonic()
        await held.get(("b",), 0.0, lambda: b"2")
        return time.monotonic() - began

    assert asyncio.run(draw()) < 0.25


def test_all_who_ask_share_one_drawing_made_after_the_change() -> None:
    drawn: list[int] = []

    def body() -> bytes:
        drawn.append(1)
        return b"%d" % len(drawn)

    async def ask() -> tuple[list[bytes], bytes, bytes]:
        held = Parts(_run)
        first = await asyncio.gather(*(held.get(("a",), 0.0, body) for _each in range(20)))
        again = await held.get(("a",), 0.0, body)
        return first, again, await held.get(("a",), time.monotonic(), body)

    first, again, fresh = asyncio.run(ask())
    assert (set(first), again, fresh) == ({b"1"}, b"1", b"2")
