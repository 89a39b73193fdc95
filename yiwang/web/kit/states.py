"""How a state looks: a shape, a word and a colour, in this order of importance."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from yiwang.kernel.foundation.errors import Sayable


@dataclass(frozen=True)
class Look:
    """`key` names the style class `is-<key>`; `shape` the symbol of the sprite."""

    key: str
    shape: str
    word: "Sayable"


LOOKS = {
    look.key: look
    for look in (
        Look("late", "state-late", _("超时")),
        Look("soon", "state-soon", _("将到期")),
        Look("open", "state-open", _("办理中")),
        Look("new", "state-new", _("待受理")),
        Look("done", "state-done", _("办结")),
        Look("paused", "state-paused", _("已暂停")),
        Look("off", "state-off", _("已作废")),
    )
}


def look_of(key: str) -> Look:
    """The look of a state; an unknown key is a mistake of the page, not of the reader."""
    return LOOKS[key]
