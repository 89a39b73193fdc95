"""The link that lets somebody set a new password: signed, for an hour, good once.

Django's own tokens: they cover the present password, the last sign-in and the address, so that a link dies with its use,
with a sign-in and with a change of address.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from yiwang.kernel.accounts.models import User

_tokens = PasswordResetTokenGenerator()


def link_parts(user: User) -> tuple[str, str]:
    """Return what an address of the reset page is made of: whose, and the token."""
    return urlsafe_base64_encode(force_bytes(user.pk)), _tokens.make_token(user)


def user_of(uid: str) -> User | None:
    """Return whose link it is; a closed account has none."""
    try:
        key = int(urlsafe_base64_decode(uid).decode())
    except (ValueError, UnicodeDecodeError, OverflowError):
        return None
    return User.objects.filter(pk=key, is_active=True).first() if 0 < key < 2**63 else None


def is_good(user: User, token: str) -> bool:
    """Say whether the token may still set a password."""
    return user.is_active and _tokens.check_token(user, token)
