"""Where things go that leave the house: endpoints of other systems, and how each outlet answered lately."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.secrets import SealedTextField


class Endpoint(models.Model):
    """An address of another system that is told of events. `events` empty: all that the table lets out."""

    name = models.CharField(_("名称"), max_length=60)
    url = models.CharField(_("地址"), max_length=300)
    secret = SealedTextField(_("密钥"))
    events = ArrayField(models.CharField(max_length=60), default=list)
    active = models.BooleanField(_("启用"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("推送地址")
        ordering: ClassVar = ["-active", "name", "id"]

    def __str__(self) -> str:
        return self.name


class Circuit(models.Model):
    """How an outlet ("email", "sms", "webhook:3") answered: troubles in a row, and until when it is left alone."""

    outlet = models.CharField(max_length=30, primary_key=True)
    troubles = models.PositiveIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    last_trouble_at = models.DateTimeField(null=True)
    last_reason = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name = _("渠道状态")

    def __str__(self) -> str:
        return self.outlet
