"""How a person proves who they are: user name and password. More ways are added beside this one."""

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.rules import issued_until, normalised_username


def is_stale(user: User) -> bool:
    """Say whether the password is an issued one that nobody changed in time."""
    issued = user.password_issued_at
    return issued is not None and issued_until(issued, settings.YIWANG_ISSUED_DAYS) < timezone.now()


class PasswordBackend(BaseBackend):
    """Django's own check without its permission tables: what a user may do is a matter of postings."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: object
    ) -> User | None:
        """Return the user, or None for a wrong name, a wrong password or a closed account alike."""
        user = User.objects.filter(username=normalised_username(username)).first()
        if user is None:
            # As slow as a real check, so that the time taken tells nobody which names exist.
            User().set_password(password)
            return None
        right = user.check_password(password)
        return user if right and user.is_active and not is_stale(user) else None

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session; a closed account has none."""
        return User.objects.filter(pk=user_id, is_active=True).first()
