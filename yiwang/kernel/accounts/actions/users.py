"""Opening, changing and closing accounts."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.accounts.actions.passwords import check_password, reason_of
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.permissions import is_self, require_manager
from yiwang.kernel.accounts.rules import (
    LANGUAGES,
    NUMBER_AT_MOST,
    is_employee_number,
    is_name,
    is_phone,
    is_username,
    normalised_phone,
    normalised_username,
)
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
    employee_number: str = "",
    issued: bool = False,
) -> User:
    """Open an account. With neither password it cannot sign in yet; `encoded_password` is an already
    hashed one (an import, a demo town). `issued`: the first sign-in demands another password.

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
        check_password(password, user)
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.password_issued_at = at if issued else None
    user.employee_number = _employee_number(employee_number, user)
    user.save()
    _record(user, "user_created", by, at, texts={"name": user.display_name})
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
def set_contact(
    user: User, *, email: str, phone: str, by: Actor, at: datetime, reason: str = ""
) -> User:
    """Say where notices and a forgotten password go; blank is "nowhere". The record keeps that it changed, not to what,
    and why somebody else did it.

    Raises:
        Forbidden: neither the holder nor somebody with `staff.manage`.
        Invalid: no e-mail address or no mobile number, or a reason too long, naming the field.
    """
    user = _locked_for(user, by, at)
    before = (user.email or "", user.phone or "")
    after = (_email(email), _phone(phone))
    if after == before:
        return user
    user.email, user.phone = after[0] or None, after[1] or None
    user.save(update_fields=["email", "phone"])
    changed = [
        name for name, old, new in zip(("email", "phone"), before, after, strict=True) if old != new
    ]
    texts = reason_of(reason)
    _record(user, "contact_set", by, at, facts={"changed": changed}, texts=texts)
    return user


@transaction.atomic
def set_employee_number(user: User, *, employee_number: str, by: Actor, at: datetime) -> User:
    """Set the office's own number of a person (工号); blank for none.

    Raises:
        Forbidden: without `staff.manage`.
        Invalid: not a number one can type. Conflict: somebody else has it.
    """
    require_manager(by, at)
    user = _locked(user)
    user.employee_number = _employee_number(employee_number, user)
    user.save(update_fields=["employee_number"])
    _record(user, "employee_number_set", by, at, facts={"number": user.employee_number})
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


def _email(text: str) -> str:
    email = text.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise Invalid(_("不是一个电子邮箱地址"), field="email") from error
    return email


def _phone(text: str) -> str:
    phone = normalised_phone(text)
    if phone and not is_phone(phone):
        raise Invalid(_("手机号须为 11 位数字，以 1 开头；国外号码以 + 开头"), field="phone")
    return phone


def _employee_number(text: str, user: User) -> str:
    number = text.strip()
    if not number:
        return ""
    if not is_employee_number(number):
        raise Invalid(
            _("工号须为字母、数字和 - _ . /，最多 %(most)s 个") % {"most": NUMBER_AT_MOST},
            field="employee_number",
        )
    if User.objects.filter(employee_number=number).exclude(pk=user.pk).exists():
        raise Conflict(_("工号 %(number)s 已被使用") % {"number": number}, field="employee_number")
    return number


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
