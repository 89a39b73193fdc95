"""Divisions, their boundaries with dates, and the points that mean "no place known"."""

from __future__ import annotations

from datetime import date
from typing import Self

import shapely
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.territory.rules.levels import Kind, Level

LEVEL_NAMES = {
    Level.PROVINCE: _("省"),
    Level.CITY: _("市"),
    Level.COUNTY: _("县（区）"),
    Level.SUBDISTRICT: _("街道（乡镇）"),
    Level.COMMUNITY: _("社区（村）"),
    Level.GRID: _("网格"),
    Level.MICRO_GRID: _("微网格"),
}
KIND_NAMES = {Kind.GENERAL: _("综合网格"), Kind.DEDICATED: _("专属网格")}


class DivisionQuerySet(models.QuerySet["Division"]):
    def at(self, day: date) -> Self:
        """In force on `day`; the end day itself no longer counts."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def under(self, division: Division) -> Self:
        """The division itself and everything beneath it."""
        return self.filter(path__startswith=division.path)

    def level(self, level: Level | str) -> Self:
        return self.filter(level=str(level))

    def in_order(self) -> Self:
        return self.order_by("sort_order", "id")


class Division(models.Model):
    """One node of the tree province → … → community → grid → micro-grid, in force from one day to another."""

    level = models.CharField(
        _("层级"),
        max_length=12,
        choices=[(level.value, name) for level, name in LEVEL_NAMES.items()],
    )
    kind = models.CharField(
        _("网格类型"),
        max_length=10,
        blank=True,
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
    )
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    # Official code where one is published; blank otherwise, never invented.
    code = models.CharField(_("代码"), max_length=30, blank=True)
    grid_code = models.CharField(_("网格编码"), max_length=20, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    # Ids from the root to this one, "/1/7/9/": a prefix of it is an area.
    path = models.CharField(max_length=160, db_index=True)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    sort_order = models.PositiveIntegerField(_("顺序"), default=0)
    is_town = models.BooleanField(_("本系统服务的区域"), default=False)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("区划")
        indexes = [models.Index(fields=["level", "valid_from"], name="division_level_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code="") & Q(valid_to=None), name="division_code_once"
            ),
            models.UniqueConstraint(
                fields=["grid_code"],
                condition=~Q(grid_code="") & Q(valid_to=None),
                name="division_grid_code_once",
            ),
            models.UniqueConstraint(
                fields=["parent", "level", "name"],
                condition=Q(valid_to=None),
                nulls_distinct=False,
                name="division_name_once_in_parent",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="division_level_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="", level__in=[v.value for v in Level if v is not Level.GRID])
                | Q(kind__in=[kind.value for kind in Kind], level=Level.GRID.value),
                name="division_kind_for_grids",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="division_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/", path__endswith="/"), name="division_path_slashes"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def ancestor_ids(self) -> tuple[int, ...]:
        """Ids from the root to the parent."""
        return tuple(int(part) for part in self.path.strip("/").split("/"))[:-1]


class BoundaryQuerySet(models.QuerySet["Boundary"]):
    def at(self, day: date) -> Self:
        """In force on `day`, of divisions in force on `day`."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gt=day),
            Q(division__valid_to=None) | Q(division__valid_to__gt=day),
            valid_from__lte=day,
            division__valid_from__lte=day,
        )


class Boundary(models.Model):
    """The polygon of a division over a stretch of days.

    Two stretches of one division never overlap (exclusion constraint in migration 0002).
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="boundaries")
    # Polygon or MultiPolygon, WGS-84 degrees, longitude first, as WKB.
    shape = models.BinaryField()
    area_m2 = models.FloatField(_("面积（平方米）"))
    # Generated polygons say so wherever they are shown.
    generated = models.BooleanField(_("程序生成"), default=False)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    objects = BoundaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("边界")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="boundary_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.valid_from}"

    @property
    def geometry(self) -> BaseGeometry:
        return shapely.from_wkb(bytes(self.shape))


class DefaultPoint(models.Model):
    """A point some system writes when it does not know the place; whatever lies near it is not located."""

    name = models.CharField(_("说明"), max_length=80)
    lon = models.FloatField(_("经度"))
    lat = models.FloatField(_("纬度"))
    radius_m = models.FloatField(_("半径（米）"), default=15.0)

    class Meta:
        verbose_name = _("默认点")
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__range=(-180, 180), lat__range=(-90, 90), radius_m__gt=0),
                name="default_point_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name
