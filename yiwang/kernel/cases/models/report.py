"""The report (诉求): one voice, and the answer owed to it. The reporter lies apart, sealed and guarded."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models.case import Case
from yiwang.kernel.cases.rules.calling import OUTCOME_NAMES
from yiwang.kernel.cases.rules.intake import FOR_WHOM_NAMES
from yiwang.kernel.cases.rules.stages import (
    CHANNEL_NAMES,
    KIND_NAMES,
    RATING_NAMES,
    ReportKind,
)
from yiwang.kernel.foundation.secrets import SealedTextField
from yiwang.kernel.foundation.shelf import Kept


class Report(Kept):
    """One voice. The id is made by the client; the same id with the same content is the same report.

    `content` is a SHA-256 of what was sent: the same id with another content is refused with 409.
    `first_case` is where the report was taken in, so that merging can be undone. `call_next_at` is when it may be called
    for its rating, empty where nobody is to call; tries, outcome and who holds it now are of the result at hand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.BinaryField(max_length=32)
    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    first_case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    follow_code = models.CharField(max_length=16, unique=True)
    language = models.CharField(max_length=10, db_default="zh-hans", default="zh-hans")
    channel = models.CharField(_("渠道"), max_length=16, choices=list(CHANNEL_NAMES.items()))
    kind = models.CharField(
        _("类型"), max_length=12, choices=list(KIND_NAMES.items()), default=ReportKind.COMPLAIN
    )
    text = models.TextField(_("内容"))
    outer_number = models.CharField(_("外部编号"), max_length=64, blank=True)
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    answer_due_at = models.DateTimeField(null=True)
    answer_due_source = models.CharField(max_length=40, blank=True)
    answer_why = models.JSONField(default=list)
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    called_back_at = models.DateTimeField(null=True)
    called_back_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    call_back_count = models.PositiveSmallIntegerField(default=0)
    call_next_at = models.DateTimeField(null=True)
    call_outcome = models.CharField(
        max_length=12, blank=True, choices=list(OUTCOME_NAMES.items()), default=""
    )
    call_held_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    call_held_until = models.DateTimeField(null=True)
    rating = models.CharField(max_length=20, blank=True, choices=list(RATING_NAMES.items()))
    rating_reason = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("诉求")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "outer_number"],
                condition=~Q(outer_number=""),
                name="report_outer_number_once",
            ),
            models.CheckConstraint(
                name="report_answer_is_paired",
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="report_rating_is_paired",
                condition=Q(rating="", rated_at__isnull=True)
                | (~Q(rating="") & Q(rated_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "received_at"], name="report_by_case"),
            models.Index(
                fields=["case"],
                condition=Q(answered_at__isnull=True, answer_due_at__isnull=False),
                name="report_owes_answer",
            ),
            models.Index(
                fields=["call_next_at", "id"],
                condition=Q(call_next_at__isnull=False),
                name="report_to_call",
            ),
            models.Index(
                fields=["case"],
                condition=Q(call_next_at__isnull=False),
                name="report_to_call_of_case",
            ),
        ]

    def __str__(self) -> str:
        return self.follow_code


class Reporter(Kept):
    """Who it was, if they said so. Row-level security lets a duty with `reporter.read` over the area read it.

    `name` and `phone` are of who spoke; `for_whom` says on whose behalf, `concerned` is that person's name.
    """

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="reporter")
    name = SealedTextField(_("姓名"), blank=True)
    phone = SealedTextField(_("电话"), blank=True)
    phone_index = models.BinaryField(max_length=32, null=True)
    for_whom = models.CharField(
        _("替谁反映"), max_length=10, blank=True, choices=list(FOR_WHOM_NAMES.items()), default=""
    )
    concerned = SealedTextField(_("当事人"), null=True)
    area_path = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("反映人")
        indexes = [models.Index(fields=["phone_index"], name="reporter_by_phone")]

    def __str__(self) -> str:
        return str(self.pk)
