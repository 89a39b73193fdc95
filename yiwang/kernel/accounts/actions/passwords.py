"""Giving, changing and resetting a password; what else happens at the door, for the record.

A password somebody else made (an administrator, an import) is *issued*: it opens only the page where its owner sets
another, for `YIWANG_ISSUED_DAYS` days. Whatever way a password changes, every other session of the account ends with the
next request, because a session carries a digest of the password it began with.
"""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.permissions import is_self, require_manager
from yiwang.kernel.accounts.resetting import is_good
from yiwang.kernel.accounts.rules import REASON_AT_MOST
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden, Invalid


@transaction.atomic
def set_password(user: User, *, password: str, by: Actor, at: datetime) -> User:
    """Give an account a new password; every other session of it ends. From somebody else's hand it is issued.

    Raises:
        Forbidden: neither the holder nor somebody with `staff.manage`.
        Invalid: the password is too weak, saying why.
    """
    if not is_self(by, user.pk):
        require_manager(by, at)
    user = _locked(user)
    issued = by.actor_kind == "staff" and not is_self(by, user.pk)
    return _set(user, password, "password_set", by, at, issued=issued)


@transaction.atomic
def issue_password(user: User, *, password: str, by: Actor, at: datetime) -> User:
    """Give an account a password that its owner must change at the first sign-in.

    Raises:
        Forbidden: without `staff.manage`.
        Invalid: the password is too weak.
    """
    require_manager(by, at)
    return _set(_locked(user), password, "password_issued", by, at, issued=True)


@transaction.atomic
def change_password(user: User, *, current: str, password: str, by: Actor, at: datetime) -> User:
    """Let the holder change the password, who proves to know the present one.

    Raises:
        Forbidden: somebody else.
        Invalid: the present password is wrong, or the new one is weak or the same.
    """
    if not is_self(by, user.pk):
        raise Forbidden(_("只能修改自己的密码"))
    user = _locked(user)
    prove(user, password=current)
    return _set(user, password, "password_changed", by, at)


def prove(user: User, *, password: str) -> None:
    """Do nothing for somebody who knows the present password.

    Raises:
        Invalid: it is wrong, or missing.
    """
    if not user.check_password(password):
        raise Invalid(
            _("现在的密码不对") if password else _("请填现在的密码"),
            field="current",
            code="wrong_password",
        )


@transaction.atomic
def reset_password(user: User, *, token: str, password: str, at: datetime) -> User:
    """Let somebody who holds the link from the e-mail set a new password; the link dies with it.

    Raises:
        Forbidden: the link was used, is too old, or the account is closed.
        Invalid: the new password is weak or the old one.
    """
    user = _locked(user)
    if not is_good(user, token):
        raise Forbidden(_("这个链接已失效，请重新申请"), code="stale_link")
    return _set(user, password, "password_reset", user, at)


@transaction.atomic
def note(
    user: User,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    facts: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    """Write down what happened at the door: signed in, locked out, second factor added. Never a secret."""
    _locked(user)
    audit.record("user", user.pk, verb, by=by, at=at, facts=facts or {}, texts=reason_of(reason))


def reason_of(reason: str) -> dict[str, str]:
    """Return a reason as a text of the record; none where there is none.

    Raises:
        Invalid: it is too long.
    """
    words = reason.strip()
    if len(words) > REASON_AT_MOST:
        raise Invalid(_("最多 %(most)s 字") % {"most": REASON_AT_MOST}, field="reason")
    return {"reason": words} if words else {}


def check_password(password: str, user: User) -> None:
    """Do nothing for a password that fits the rules of the office.

    Raises:
        Invalid: with every reason, beside the field.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error


def _set(
    user: User, password: str, verb: str, by: Actor, at: datetime, *, issued: bool = False
) -> User:
    check_password(password, user)
    if not issued and user.has_usable_password() and user.check_password(password):
        raise Invalid(_("新密码不能与现在的相同"), field="password")
    user.set_password(password)
    user.password_issued_at = at if issued else None
    user.save(update_fields=["password", "password_issued_at"])
    audit.record("user", user.pk, verb, by=by, at=at, facts={})
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)
