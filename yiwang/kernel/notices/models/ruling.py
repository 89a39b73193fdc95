"""What the town and each person decided: which event goes where, in which words, at which hours."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.notices.rules.channels import CHANNEL_NAMES, NIGHT_NAMES, Night


class EventRule(models.Model):
    """The town's own line for one event; an event without one follows the shipped table."""

    event = models.CharField(max_length=60, primary_key=True)
    email = models.BooleanField(default=False)
    sms = models.BooleanField(default=False)
    webhook = models.BooleanField(default=False)
    night = models.CharField(max_length=10, choices=list(NIGHT_NAMES.items()), default=Night.NEVER)

    class Meta:
        verbose_name = _("通知规则")

    def __str__(self) -> str:
        return self.event


class QuietHours(models.Model):
    """The one row of the town's quiet hours."""

    starts = models.TimeField(default=time(21, 0))
    ends = models.TimeField(default=time(7, 30))

    class Meta:
        verbose_name = _("免打扰时段")
        constraints: ClassVar = [
            models.CheckConstraint(name="quiet_hours_once", condition=models.Q(pk=1))
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class Wording(models.Model):
    """The town's own words of one event by one channel in one language; places are canonical ({number})."""

    event = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=list(CHANNEL_NAMES.items()))
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("通知文字")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "channel", "language"], name="wording_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.language}"


class Preference(models.Model):
    """What a person does not want outside the program; the notice itself always stays."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    no_email = ArrayField(models.CharField(max_length=60), default=list)
    no_sms = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        verbose_name = _("通知偏好")

    def __str__(self) -> str:
        return str(self.user_id)
