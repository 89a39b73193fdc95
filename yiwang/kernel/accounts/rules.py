"""What a user name and a name may look like. Pure: no Django."""

import re

LANGUAGES = ("zh-hans", "en")
USERNAME_AT_MOST = 60
NAME_AT_MOST = 60

# Typed on phones and read out over the telephone: small letters, digits, and . _ - between them.
_USERNAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


def normalised_username(text: str) -> str:
    """Return the one spelling of a user name: no space around it, small letters."""
    return text.strip().lower()


def is_username(text: str) -> bool:
    """Say whether the text, normalised, can be a user name: 3 to 60 characters."""
    return 3 <= len(text) <= USERNAME_AT_MOST and _USERNAME.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Say whether the text can stand on a screen as somebody's name."""
    return 0 < len(text) <= NAME_AT_MOST and text.isprintable()
