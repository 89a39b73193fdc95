"""The one way from the residents' pages to the kernel.

Every question and every answer is a message of `messages.py`: plain values that become JSON and come back the same, so
that another `Gateway` may one day carry them to another network. The bytes of an upload travel behind their message
and those of a published file in parts, so that no film is ever held in memory. Ids and follow codes are issued on this side. A refusal
is a `foundation.errors.Refused` here; `Refusal` carries it over a wire.
"""

from typing import Protocol

from yiwang.web.residents.gateway import messages as m


class Stream(Protocol):
    """The bytes behind a message, read in pieces."""

    def read(self, size: int = ..., /) -> bytes: ...


class Gateway(Protocol):
    """What the pages may ask. Each method takes one message and returns one, or raises `Refused`."""

    def town(self, ask: m.AskTown) -> m.Town: ...

    def outline(self, ask: m.AskOutline) -> m.Outline: ...

    def kept(self, ask: m.AskKept) -> m.Kept: ...

    def suggest(self, ask: m.AskKinds) -> m.Kinds: ...

    def nearby(self, ask: m.AskNearby) -> m.Nearby: ...

    def upload(self, head: m.NewFile, stream: Stream) -> m.File: ...

    def take(self, report: m.NewReport) -> m.Taken: ...

    def follow(self, ask: m.AskFollow) -> m.Followed: ...

    def rate(self, said: m.Rate) -> m.Done: ...

    def confirm_solved(self, said: m.Confirm) -> m.Done: ...

    def say_unsolved(self, said: m.Unsolved) -> m.Done: ...

    def ask_desk(self, said: m.Question) -> m.Done: ...

    def part(self, ask: m.AskPart) -> m.Part: ...


def gateway() -> Gateway:
    """The gateway of this installation; today the kernel is in the same process."""
    from yiwang.web.residents.gateway.local import LocalGateway

    return LocalGateway()
