"""The one audit table and what keeps it honest. The program may add rows, never change or remove one."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.secrets import SealedTextField


class AuditEntry(models.Model):
    """One thing that happened to one subject. `facts` hold ids, codes and stages, never a person's words."""

    append_only: ClassVar[bool] = True

    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    seq = models.IntegerField()
    at = models.DateTimeField(_("时间"))
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    verb = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    digests = models.JSONField(default=dict)
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("办理记录")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "seq"], name="audit_one_row_per_place"
            ),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_seq_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} #{self.seq} {self.verb}"


class AuditText(models.Model):
    """Personal texts of an entry (JSON, sealed). Erasing empties salt and body and leaves the row."""

    append_only: ClassVar[bool] = True

    entry = models.OneToOneField(
        AuditEntry, models.PROTECT, primary_key=True, related_name="personal"
    )
    salt = models.BinaryField(null=True)
    body = SealedTextField(null=True)

    class Meta:
        verbose_name = _("办理记录文字")

    def __str__(self) -> str:
        return str(self.entry_id)


class AuditHead(models.Model):
    """The last row of each subject, kept by a trigger: a missing last row is found by it."""

    read_only_for_program: ClassVar[bool] = True

    pk = models.CompositePrimaryKey("subject_type", "subject_id")
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    seq = models.IntegerField()
    hash = models.BinaryField()
    sealed_seq = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("办理记录末条")
        indexes = [
            models.Index(
                fields=["subject_type", "subject_id"],
                condition=models.Q(seq__gt=models.F("sealed_seq")),
                name="audit_heads_to_seal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} #{self.seq}"


class AuditSealLine(models.Model):
    """The head of one subject as a day's seal saw it."""

    append_only: ClassVar[bool] = True

    pk = models.CompositePrimaryKey("day", "subject_type", "subject_id")
    day = models.DateField()
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    seq = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("封存条目")

    def __str__(self) -> str:
        return f"{self.day} {self.subject_type} {self.subject_id} #{self.seq}"


class AuditSeal(models.Model):
    """One day's seal over all heads that changed since the seal before, chained to it."""

    append_only: ClassVar[bool] = True

    day = models.DateField(_("日期"), primary_key=True)
    heads = models.BigIntegerField()
    entries = models.BigIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    at = models.DateTimeField(_("封存时间"))

    class Meta:
        verbose_name = _("每日封存")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {bytes(self.hash).hex()}"
