"""Who can log in."""

from typing import ClassVar, Literal

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.accounts.rules import TURNED_AWAY
from yiwang.kernel.foundation.secrets import SealedTextField


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A member of staff who can sign in. What they may do is a matter of their postings (organisation).

    `email` and `phone` are where notices and a forgotten password go; None is "not known". They are sealed like every
    telephone here, because many of the staff give their own: nobody is ever looked for by them, so it costs nothing.
    `password_issued_at` is set while the password is one that somebody else made and its owner has not changed.
    """

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    display_name = models.CharField(_("姓名"), max_length=60)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("可登录"), default=True)
    email = SealedTextField(_("电子邮箱"), null=True, blank=True)
    phone = SealedTextField(_("手机"), null=True, blank=True)
    employee_number = models.CharField(_("工号"), max_length=40, blank=True, default="")
    password_issued_at = models.DateTimeField(_("首次密码发放时间"), null=True, blank=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    actor_kind: ClassVar[Literal["staff"]] = "staff"

    class Meta:
        verbose_name = _("用户")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["employee_number"],
                condition=~models.Q(employee_number=""),
                name="employee_number_once",
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def actor_id(self) -> int:
        return self.pk

    @property
    def actor_name(self) -> str:
        return self.display_name


class TurnedAway(models.Model):
    """How often somebody was turned away in one hour: a wrong password, a lock, a page that is not theirs.

    Counted by the hour, so that a machine that guesses fills no table. `user` is empty for a name that nobody has: what
    was typed there may be a password. `place` is an address as it is declared, never one that was asked for.
    """

    hour = models.DateTimeField()
    kind = models.CharField(
        max_length=12, choices=[(key, _(name)) for key, name in TURNED_AWAY.items()]
    )
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    place = models.CharField(max_length=120, blank=True, default="")
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hour", "kind", "user", "place"],
                name="turned_away_by_the_hour",
                nulls_distinct=False,
            )
        ]
        indexes: ClassVar = [models.Index(fields=["-last_at", "-id"], name="turned_away_newest")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.kind}"
