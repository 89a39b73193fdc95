"""One notice on its way out by one channel, and every attempt at it."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.notices.models.notice import Notice
from yiwang.kernel.notices.models.outlet import Endpoint
from yiwang.kernel.notices.rules.channels import CHANNEL_NAMES, DUE, STATE_NAMES, TROUBLE, State


class SendingQuerySet(models.QuerySet["Sending"]):
    def due(self, at: datetime) -> "SendingQuerySet":
        """To be handed over at `at`, were everybody awake and answering."""
        return self.filter(state__in=DUE, next_at__lte=at)

    def in_trouble(self) -> "SendingQuerySet":
        return self.filter(state__in=TROUBLE)


class Sending(models.Model):
    """Ids, numbers and names of units and areas only: whose telephone it goes to is looked up when it goes.

    `recipient` is "user:12", "report:<id>" or "endpoint:3"; `key` names the message for ever and is the same at every
    attempt; `unique` makes the same happening by the same channel to the same recipient one row. `overnight` was held
    in quiet hours and is sent together with what else waited for its recipient; `digest` is the row it went with.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unique = models.CharField(max_length=64, unique=True)
    channel = models.CharField(_("渠道"), max_length=10, choices=list(CHANNEL_NAMES.items()))
    recipient = models.CharField(max_length=60)
    notice = models.ForeignKey(Notice, models.SET_NULL, null=True, related_name="sendings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("收件人"),
    )
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True, related_name="+")
    event = models.CharField(_("事件"), max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField(_("时间"))

    state = models.CharField(
        _("状态"), max_length=10, choices=list(STATE_NAMES.items()), default=State.WAITING
    )
    overnight = models.BooleanField(default=False)
    digest = models.ForeignKey("self", models.SET_NULL, null=True, related_name="bundled")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    adapter = models.CharField(max_length=10, blank=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("发送")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["next_at", "id"], condition=Q(state__in=DUE), name="sending_due"),
            models.Index(
                fields=["claimed_at"], condition=Q(state="sending"), name="sending_in_hand"
            ),
            models.Index(
                fields=["recipient", "channel"],
                condition=Q(state__in=DUE, overnight=True),
                name="sending_overnight",
            ),
            models.Index(fields=["state", "-id"], name="sending_by_state"),
            models.Index(fields=["recipient", "-sent_at"], name="sending_by_recipient"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sending_due_has_a_time",
                condition=~Q(state__in=DUE) | Q(next_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sending_in_hand_since",
                condition=Q(state="sending", claimed_at__isnull=False)
                | (~Q(state="sending") & Q(claimed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="sending_sent_has_a_time",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class Attempt(models.Model):
    """One try at one sending, as it ended."""

    sending = models.ForeignKey(Sending, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("尝试")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.sending_id} {self.outcome}"
