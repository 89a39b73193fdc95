"""What every write of the administrator's part shares: one writer at a time, texts that fit, a row of the record."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Invalid

_LOCK = 0x79_77_6E_6F  # "ywno": the advisory lock of this room


def one_at_a_time() -> None:
    """Let writers of this room's table wait for one another, also where there is no row to lock yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def fits(field: str, text: str, most: int) -> None:
    if not text:
        raise Invalid(_("请填写这一项"), field=field)
    if len(text) > most:
        raise Invalid(
            _("最多 %(longest)s 个字，现有 %(length)s 个") % {"longest": most, "length": len(text)},
            field=field,
        )
    if any(not sign.isprintable() and sign != "\n" for sign in text):
        raise Invalid(_("有不能显示的字符"), field=field)


def record(verb: str, by: User, at: datetime, facts: Mapping[str, object]) -> None:
    one_at_a_time()
    audit.record("notices", "rules", verb, by=by, at=at, facts=dict(facts))
