"""The case (案卷): one matter in the world, its place, its category and where the work stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.rules.stages import (
    LEVEL_NAMES,
    OPEN_STAGES,
    STAGE_NAMES,
    CaseLevel,
    Stage,
)
from yiwang.kernel.foundation.shelf import Keeping, KeptManager

if TYPE_CHECKING:
    from yiwang.kernel.cases.models.task import Task


class CaseQuerySet(models.QuerySet["Case"]):
    """Adjectives of cases. `visible_to` stands in permissions.py and is bound below."""

    def open(self) -> Self:
        """Neither closed nor ended otherwise."""
        return self.filter(stage__in=OPEN_STAGES)

    def overdue(self, *, at: datetime) -> Self:
        """Open, with the running clock past its end."""
        return self.open().filter(clock_due_at__lt=at)

    def public(self) -> Self:
        """May be shown to anybody: the catalogue says so and nothing keeps it back."""
        return self.filter(public=True, confidential=False)

    def under(self, path: str) -> Self:
        """In the area with this path, or below it."""
        return self.filter(area_path__startswith=path)

    def visible_to(self, user: object, *, at: datetime) -> Self:
        """The cases this member of staff may read at `at`."""
        from yiwang.kernel.cases.permissions import visible

        return self.filter(visible(user, at=at))

    def by_clock(self) -> Self:
        """Most urgent first; suspended and ended cases, which have no clock, last."""
        return self.order_by(F("clock_due_at").asc(nulls_last=True), "id")


CaseManager = KeptManager.from_queryset(CaseQuerySet)


class Case(Keeping):
    """One matter in the world. `version` grows with every move, so that a stale one is noticed.

    Every move writes every index of this table, so there are few: what is open, what is newest, what was closed last.
    All else in the history is found through `Lookup`. Keys to other tables have no index: what they point at is ended,
    not deleted.
    """

    number = models.CharField(_("案卷号"), max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)
    stage = models.CharField(
        _("阶段"), max_length=16, choices=list(STAGE_NAMES.items()), default=Stage.REPORTED
    )
    level = models.CharField(
        _("层级"), max_length=12, choices=list(LEVEL_NAMES.items()), default=CaseLevel.SUBDISTRICT
    )
    title = models.CharField(_("摘要"), max_length=120)
    category = models.ForeignKey(
        "catalogue.Category",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    condition = models.ForeignKey(
        "catalogue.Condition",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    category_path = models.CharField(max_length=120, blank=True)
    urgent = models.BooleanField(_("紧急"), default=False)
    public = models.BooleanField(_("可公开"), default=False)
    confidential = models.BooleanField(default=False)
    # whom a matter about staff is about, once an inspector has said so: nowhere shown to them
    about_user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    about_unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )

    # where, in WGS-84
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    address = models.CharField(_("地点"), max_length=200, blank=True)
    area = models.ForeignKey(
        "territory.Division",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    area_path = models.CharField(max_length=120)
    trust = models.CharField(max_length=16, default="no_point")
    trust_why = models.JSONField(default=list)
    place_confirmed = models.BooleanField(default=False)

    # the work
    lead_unit = models.ForeignKey(
        "organisation.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    suggested_unit = models.ForeignKey(
        "organisation.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    routing_why = models.JSONField(default=list)
    fixer_ids = ArrayField(models.BigIntegerField(), default=list)
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    verify_by = models.CharField(max_length=12, blank=True)

    # clocks, as far as lists need them
    clock_stage = models.CharField(max_length=12, blank=True)
    clock_started_at = models.DateTimeField(null=True)
    clock_due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    supervised_at = models.DateTimeField(null=True)
    suspended_until = models.DateField(null=True)

    # what happened
    report_count = models.PositiveIntegerField(default=1)
    return_count = models.PositiveSmallIntegerField(default=0)
    rework_count = models.PositiveSmallIntegerField(default=0)
    extension_count = models.PositiveSmallIntegerField(default=0)
    suspension_count = models.PositiveSmallIntegerField(default=0)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    on_spot = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    reported_back_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    handled_in_time = models.BooleanField(null=True)
    channel = models.CharField(max_length=16)
    taken_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    result = models.TextField(_("处置结果"), blank=True)

    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    origin = models.CharField(max_length=40, blank=True)
    origin_number = models.CharField(max_length=64, blank=True)

    objects = CaseManager()

    class Meta:
        verbose_name = _("案卷")
        constraints = [
            models.CheckConstraint(
                name="case_merged_points_somewhere",
                condition=Q(stage=Stage.MERGED, merged_into__isnull=False)
                | (~Q(stage=Stage.MERGED) & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_place_is_paired",
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False),
            ),
            models.CheckConstraint(
                name="case_closed_has_a_time",
                condition=~Q(stage=Stage.CLOSED) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_about_staff_is_confidential",
                condition=Q(about_user__isnull=True, about_unit__isnull=True)
                | Q(confidential=True),
            ),
            models.UniqueConstraint(
                fields=["origin", "origin_number"],
                condition=~Q(origin=""),
                name="case_origin_once",
            ),
        ]
        indexes = [
            # Holds what the queues of the desk are counted and narrowed by, and what says who may read a case: their
            # numbers are read from here alone, for whomever.
            models.Index(
                fields=["clock_due_at", "id"],
                include=[
                    "stage",
                    "area_path",
                    "confidential",
                    "return_count",
                    "supervised_at",
                    "place_confirmed",
                    "trust",
                    "lead_unit",
                    "suggested_unit",
                    "category_path",
                    "channel",
                    "taken_by",
                    "fixer_ids",
                    "unit_ids",
                    "about_user",
                    "about_unit",
                ],
                condition=Q(stage__in=OPEN_STAGES),
                name="case_open_by_clock",
            ),
            models.Index(
                fields=["lead_unit", "clock_due_at", "id"],
                condition=Q(stage__in=OPEN_STAGES),
                name="case_open_by_unit",
            ),
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(
                fields=["lat", "lon"], condition=Q(stage__in=OPEN_STAGES), name="case_open_near"
            ),
            models.Index(
                fields=["closed_at", "id"], condition=Q(stage=Stage.CLOSED), name="case_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def short_number(self) -> str:
        """The part after the day, as lists show it: 0042."""
        return self.number.rpartition("-")[2]

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES

    def open_lead(self, tasks: Sequence["Task"]) -> "Task | None":
        """The lead task that is not returned or cancelled, of the given tasks of this case."""
        alive = [t for t in tasks if t.is_lead and t.state in ("offered", "working", "done")]
        return alive[-1] if alive else None
