"""Background work of the doorstep: the e-mail with the link, and sweeping out what is over."""

from urllib.parse import urljoin

from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy

from yiwang.kernel.foundation.queue import app

ONE_LETTER_EVERY = 300  # seconds, for one account


@app.task(
    name="signin.send_reset",
    queue="notices",
    retry=RetryStrategy(max_attempts=5, exponential_wait=4),
)
def send_reset(user_id: int, origin: str) -> None:
    """Write to the address of an account how to set a new password; without one, do nothing.

    Runs for every request, also one for a name that nobody has (`user_id` 0), so that both take the same time.
    """
    from django.core.cache import cache

    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.accounts.resetting import link_parts

    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not user.email or cache.get(f"reset:{user_id}"):
        return
    address = urljoin(origin, reverse("signin:reset", args=link_parts(user)))
    with translation.override(user.language):
        words = {"name": user.display_name, "username": user.username, "address": address}
        body = _(
            "%(name)s，您好：\n\n有人（应该是您本人）申请为账号 %(username)s 设置新密码。请在一小时内打开下面的地址：\n\n"
            "%(address)s\n\n如果不是您申请的，不用理会，密码不会变。\n"
        )
        send_mail(_("设置新密码"), body % words, None, [user.email])
    cache.set(f"reset:{user_id}", "y", ONE_LETTER_EVERY)


@app.task(name="signin.sweep", queue="notices")
def sweep(timestamp: int) -> None:
    """Drop sessions that are over, their list, and wrong passwords of long ago."""
    from datetime import timedelta

    from allauth.usersessions.models import UserSession
    from axes.models import AccessAttempt
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    at = timezone.now()
    Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    AccessAttempt.objects.filter(attempt_time__lt=at - timedelta(days=7)).delete()
