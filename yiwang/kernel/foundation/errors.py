"""How an action says no. Rooms raise these; `web.kit` turns them into pages, fragments or JSON in one place."""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from yiwang.kernel.foundation.sentences import Sentence

    Sayable = str | _StrPromise | Sentence


class Refused(Exception):
    """An action was refused and nothing was written.

    `sentence` is for the reader, in the reader's language; `field` names the input it is about;
    `code` is for programs and does not change with the wording.
    """

    status: ClassVar[int] = 400
    default_code: ClassVar[str] = "refused"

    def __init__(
        self, sentence: "Sayable", *, field: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = code or self.default_code

    def __str__(self) -> str:
        return str(self.sentence)


class Invalid(Refused):
    """An input is wrong; shown beside its field."""

    status = 422
    default_code = "invalid"


class Forbidden(Refused):
    """This actor may not do this here."""

    status = 403
    default_code = "forbidden"


class Missing(Refused):
    """There is no such thing, or the actor may not know of it."""

    status = 404
    default_code = "missing"


class Conflict(Refused):
    """The request contradicts what is already stored."""

    status = 409
    default_code = "conflict"


class Stale(Refused):
    """Somebody was faster; `current` is what is true now (JSON-able, or None)."""

    status = 409
    default_code = "stale"

    def __init__(
        self,
        sentence: "Sayable",
        *,
        current: object = None,
        field: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(sentence, field=field, code=code)
        self.current = current


class NoSpace(Refused):
    """The disk is full: nothing was stored, and what was stored is whole."""

    status = 507
    default_code = "no_space"
