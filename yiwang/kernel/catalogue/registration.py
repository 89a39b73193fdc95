"""Topics register here: each brings the starter list of its module and is otherwise unknown to the kernel."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Topic:
    """One subject of the house. `categories_file` is a TOML file as `rules.starters` reads it."""

    code: str
    module: str
    name: str
    name_en: str
    categories_file: Path


_registered: dict[str, Topic] = {}


def register(topic: Topic) -> None:
    """Make a topic known; called once by its app as the program starts."""
    _registered[topic.code] = topic


def topics() -> tuple[Topic, ...]:
    """Return every topic that is installed, in the order of the settings."""
    return tuple(_registered.values())
