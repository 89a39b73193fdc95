"""Every URL, what it needs, and which role that lets in. `python -m tests.house.doors` writes the reviewed files."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.kernel.organisation.rules import TABLE, Permission, Role

SNAPSHOTS = Path(__file__).parent / "access"
RESIDENT = "resident"
COLUMNS = {
    RESIDENT: None,
    "grid": Role.GRID_WORKER,
    "community": Role.COMMUNITY_OFFICER,
    "desk": Role.DESK_OPERATOR,
    "unit": Role.UNIT_HANDLER,
    "leader": Role.LEADER,
    "inspector": Role.INSPECTOR,
    "admin": Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Door:
    """One URL pattern: its full route, its name with namespaces, and its view."""

    route: str
    name: str
    view: Any
    pattern: Any

    @property
    def needs(self) -> tuple[str, ...]:
        """What the view declares, or nothing at all."""
        needs = getattr(self.view, "needs", ())
        return tuple(str(need) for need in ((needs,) if isinstance(needs, str) else needs))

    @property
    def file(self) -> str:
        """The reviewed file it stands in: one for each door of the house."""
        parts = self.view.__module__.split(".")
        return parts[2] if parts[:2] in (["yiwang", "web"], ["yiwang", "topics"]) else "other"

    def lets_in(self, role: Role | None) -> bool:
        """Say whether the needs let somebody with only this role in; None is a resident."""
        return any(_meets(need, role) for need in self.needs)


def _meets(need: str, role: Role | None) -> bool:
    if need == "public":
        return True
    if role is None:
        return False
    return need == "signed_in" or Permission(need) in TABLE[role]


def doors() -> list[Door]:
    """Return every URL of the product."""
    from django.urls import get_resolver

    return sorted(_walk(get_resolver(), "", ()), key=lambda door: (door.route, door.name))


def _walk(resolver: Any, prefix: str, spaces: tuple[str, ...]) -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if hasattr(pattern, "url_patterns"):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern, route, inner)
        else:
            yield Door(route, ":".join((*spaces, pattern.name or "")), pattern.callback, pattern)


def matrix(of: list[Door]) -> str:
    """Return URL × role as text, one line a URL."""
    head = " ".join(f"{column:<9}" for column in COLUMNS) + " page"
    lines = [
        " ".join(f"{'yes' if door.lets_in(role) else '-':<9}" for role in COLUMNS.values())
        + f" /{door.route}  ({door.name}; {', '.join(door.needs)})"
        for door in of
    ]
    return "\n".join([head, *lines]) + "\n"


def matrices() -> dict[str, str]:
    """Return the text of every reviewed file by its name."""
    found: dict[str, list[Door]] = {}
    for door in doors():
        found.setdefault(door.file, []).append(door)
    return {name: matrix(of) for name, of in found.items()}


def write() -> None:
    SNAPSHOTS.mkdir(exist_ok=True)
    for path in SNAPSHOTS.glob("*.txt"):
        path.unlink()
    for name, text in matrices().items():
        (SNAPSHOTS / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()
    write()
