"""Passwords that somebody who knows the office, or the lists of the trade, guesses first: the validators of the settings.

Three lists: the 20,000 commonest that come with Django, also with digits before or behind; the words of this place; and
a file of published passwords, where the administrator has put one (`YIWANG_PASSWORD_LIST`).
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.rules import OFFICE_WORDS, core_of, local_word_in, names_in

Source = Callable[[], Iterable[str]]

_sources: list[Source] = []


def tell_words_with(source: Source) -> None:
    """Let a higher room name what is called by name here: places, units."""
    if source not in _sources:
        _sources.append(source)


def local_words() -> frozenset[str]:
    """The words of this place: the product's and the trade's, the hosts', the settings', and what the rooms name."""
    hosts = [part for host in settings.ALLOWED_HOSTS for part in host.split(".")]
    told = [word for source in _sources for word in source()]
    return names_in([*OFFICE_WORDS, *hosts, *settings.YIWANG_PASSWORD_WORDS, *told])


class LocalWords:
    """Refuse a password that is little more than a name of this place."""

    def validate(self, password: str, user: object = None) -> None:
        word = local_word_in(password, local_words())
        if word:
            raise ValidationError(
                _(
                    "密码主要是本地或本单位的名称“%(word)s”，容易被猜到；请换一个，或再加几个不相干的词"
                ),
                code="password_local",
                params={"word": word},
            )


class CommonCore(CommonPasswordValidator):
    """Refuse a common password, also with digits and signs before or behind it."""

    def validate(self, password: str, user: object = None) -> None:
        super().validate(password)
        super().validate(core_of(password))


class Published:
    """Refuse a password of the file that the administrator put there: SHA-1 of each, in hexadecimal, in order."""

    def validate(self, password: str, user: object = None) -> None:
        path = settings.YIWANG_PASSWORD_LIST
        if path is not None and is_listed(path, password):
            raise ValidationError(
                _("这个密码在泄露的密码名单里，请换一个"), code="password_published"
            )


def is_listed(path: Path, password: str) -> bool:
    """Look a password up in a file of any size: lines that begin with a SHA-1, ascending, halved until found."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while low < high:  # the line that begins at or after `low` and before `high`
            middle = (low + high) // 2
            lines.seek(max(0, middle - 1))
            if middle:
                lines.readline()
            found = lines.readline()[:40].upper()
            if found == wanted:
                return True
            if not found or found > wanted:
                high = middle
            else:
                low = lines.tell()
    return False
