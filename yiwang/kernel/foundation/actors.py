"""Who does something: a member of staff, a resident without an account, or the program itself."""

from dataclasses import dataclass
from typing import Literal, Protocol

ActorKind = Literal["staff", "resident", "system"]


class Actor(Protocol):
    """What every write is signed with (`by=`). `accounts.User` is one."""

    @property
    def actor_kind(self) -> ActorKind: ...

    @property
    def actor_id(self) -> int | None: ...

    @property
    def actor_name(self) -> str: ...


@dataclass(frozen=True)
class Nameless:
    """An actor without an account."""

    actor_kind: ActorKind
    actor_name: str = ""
    actor_id: int | None = None


SYSTEM: Actor = Nameless("system", "system")
RESIDENT: Actor = Nameless("resident")
