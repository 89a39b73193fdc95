"""Opening, changing and closing accounts."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.permissions import is_self, require_manager
from yiwang.kernel.accounts.rules import LANGUAGES, is_name, is_username, normalised_username
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    by: Actor,
    at: datetime,
    password: str | None = None,
    encoded_password: str | None = None,
    language: str = "zh-hans",
) -> User:
    """Open an account. With neither password it cannot sign in yet; `encoded_password` is an already
    hashed one (an import, a demo town).

    Raises:
        Forbidden: without `staff.manage`.
        Invalid: user name, name, language or password do not fit, naming the field.
        Conflict: the user name is taken.
    """
    require_manager(by, at)
    user = User(
        username=_username(username), display_name=_name(display_name), language=_language(language)
    )
    if User.objects.filter(username=user.username).exists():
        raise Conflict(
            _("用户名 %(username)s 已被使用") % {"username": user.username}, field="username"
        )
    if encoded_password is not None:
        user.password = encoded_password
    elif password is not None:
        _check_password(password, user)
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    _record(user, "user_created", by, at, texts={"name": user.display_name})
    return user


@transaction.atomic
def set_password(user: User, *, password: str, by: Actor, at: datetime) -> User:
    """Give an account a new password; every other session of it ends.

    Raises:
        Forbidden: neither the holder nor somebody with `staff.manage`.
        Invalid: the password is too weak, saying why.
    """
    user = _locked_for(user, by, at)
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    _record(user, "password_set", by, at)
    return user


@transaction.atomic
def set_language(user: User, *, language: str, by: Actor, at: datetime) -> User:
    """Set the language a person reads in.

    Raises:
        Forbidden: neither the holder nor somebody with `staff.manage`.
        Invalid: a language the product does not speak.
    """
    user = _locked_for(user, by, at)
    user.language = _language(language)
    user.save(update_fields=["language"])
    _record(user, "language_set", by, at, facts={"language": user.language})
    return user


@transaction.atomic
def rename(user: User, *, display_name: str, by: Actor, at: datetime) -> User:
    """Change the name shown for a person.

    Raises:
        Forbidden: without `staff.manage`.
        Invalid: the name is empty or too long.
    """
    require_manager(by, at)
    user = _locked(user)
    user.display_name = _name(display_name)
    user.save(update_fields=["display_name"])
    _record(user, "user_renamed", by, at, texts={"name": user.display_name})
    return user


@transaction.atomic
def deactivate(user: User, *, by: Actor, at: datetime) -> User:
    """Close an account: its sessions end at the next request and its postings open nothing any more.

    Raises:
        Forbidden: without `staff.manage`, or on oneself, so that nobody locks the last door from within.
    """
    require_manager(by, at)
    if is_self(by, user.pk):
        raise Forbidden(_("不能停用自己的账号"))
    return _switch(user, False, "user_deactivated", by, at)


@transaction.atomic
def reactivate(user: User, *, by: Actor, at: datetime) -> User:
    """Open a closed account again.

    Raises:
        Forbidden: without `staff.manage`.
    """
    require_manager(by, at)
    return _switch(user, True, "user_reactivated", by, at)


def _switch(user: User, active: bool, verb: str, by: Actor, at: datetime) -> User:
    user = _locked(user)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        _record(user, verb, by, at)
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _locked_for(user: User, by: Actor, at: datetime) -> User:
    """Lock an account that its holder or a manager is about to change."""
    if not is_self(by, user.pk):
        require_manager(by, at)
    return _locked(user)


def _username(text: str) -> str:
    username = normalised_username(text)
    if not is_username(username):
        raise Invalid(_("用户名须为 3 至 60 个小写字母或数字，中间可用 . _ -"), field="username")
    return username


def _name(text: str) -> str:
    name = text.strip()
    if not is_name(name):
        raise Invalid(_("请填写姓名，最多 60 字"), field="display_name")
    return name


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise Invalid(_("请选择中文或英文"), field="language")
    return code


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error


def _record(
    user: User,
    verb: str,
    by: Actor,
    at: datetime,
    *,
    facts: dict[str, object] | None = None,
    texts: dict[str, str] | None = None,
) -> None:
    audit.record("user", user.pk, verb, by=by, at=at, facts=facts or {}, texts=texts or {})
