"""Units, posts, and the postings of people to them, with dates."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.organisation.rules import GridDuty, Permission, Reach, Role

ROLE_NAMES = {
    Role.GRID_WORKER: _("网格员"),
    Role.COMMUNITY_OFFICER: _("社区干部"),
    Role.DESK_OPERATOR: _("受理派遣员"),
    Role.UNIT_HANDLER: _("责任单位经办人"),
    Role.LEADER: _("领导"),
    Role.INSPECTOR: _("纪检监督员"),
    Role.ADMINISTRATOR: _("系统管理员"),
}
GRID_DUTY_NAMES = {
    GridDuty.GRID_HEAD: _("网格长"),
    GridDuty.FULL_TIME: _("专职网格员"),
    GridDuty.PART_TIME: _("兼职网格员"),
    GridDuty.GUIDE: _("网格指导员"),
}


class UnitKind(models.TextChoices):
    DEPARTMENT = "department", _("职能部门")
    COMMUNITY = "community", _("社区")
    SUBDISTRICT = "subdistrict", _("街道")
    COMPANY = "company", _("企业")
    HOTLINE = "hotline", _("热线")


class UnitLevel(models.TextChoices):
    """The level of government a unit works at; cases climb from one to the next."""

    GRID = "grid", _("网格级")
    COMMUNITY = "community", _("社区级")
    SUBDISTRICT = "subdistrict", _("街道级")
    COUNTY = "county", _("区县级")


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> "UnitQuerySet":
        """Units that still take work."""
        return self.filter(active=True)

    def level(self, level: UnitLevel) -> "UnitQuerySet":
        return self.filter(level=level)


class Unit(models.Model):
    """A responsible unit (责任单位): a department, a community, a company."""

    name = models.CharField(_("名称"), max_length=80)
    code = models.CharField(_("代码"), max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=UnitKind.choices)
    level = models.CharField(_("层级"), max_length=20, choices=UnitLevel.choices)
    division = models.ForeignKey(
        "territory.Division", models.PROTECT, related_name="units", verbose_name=_("服务区域")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级单位"),
    )
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="unit_has_a_name"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="unit_is_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A named seat of a unit (岗位), filled by postings."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    title = models.CharField(_("岗位"), max_length=60)

    class Meta:
        verbose_name = _("岗位")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "title"], name="post_once_per_unit")
        ]

    def __str__(self) -> str:
        return self.title


class PostingQuerySet(models.QuerySet["Posting"]):
    def on(self, day: date) -> "PostingQuerySet":
        """Postings in force on that day (of the town's own calendar)."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)

    def own(self) -> "PostingQuerySet":
        """Without deputies."""
        return self.filter(stands_in_for__isnull=True)

    def deputies(self) -> "PostingQuerySet":
        return self.filter(stands_in_for__isnull=False)

    def over(self, area_path: str) -> "PostingQuerySet":
        """Postings whose area is that division or lies beneath it."""
        return self.filter(area__path__startswith=area_path)


class Posting(models.Model):
    """One person on duty for a unit, in a role, over an area, between two dates.

    A posting is never rewritten: it ends, and another begins, so that past work keeps its owner.
    `ends_on` is the first day off duty. A deputy (the B of an AB 岗) has a posting of the same unit,
    role and area that points at the one it stands in for; the database holds both to that.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings", verbose_name=_("人员")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", verbose_name=_("单位"))
    post = models.ForeignKey(
        Post,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        verbose_name=_("岗位"),
    )
    role = models.CharField(
        _("角色"), max_length=30, choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    area = models.ForeignKey(
        "territory.Division", models.PROTECT, related_name="postings", verbose_name=_("区域")
    )
    duty = models.CharField(
        _("网格职责"),
        max_length=20,
        blank=True,
        choices=[(duty.value, name) for duty, name in GRID_DUTY_NAMES.items()],
    )
    stands_in_for = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stand_ins",
        verbose_name=_("替岗对象"),
    )
    starts_on = models.DateField(_("到岗日期"))
    ends_on = models.DateField(_("离岗日期"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        indexes: ClassVar = [
            models.Index(fields=["area", "role"], name="posting_by_area"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="posting_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(duty="") | Q(role=Role.GRID_WORKER.value),
                name="posting_grid_duty_is_for_grid_workers",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="posting_has_a_known_role"
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True) | ~Q(stands_in_for=F("id")),
                name="posting_does_not_stand_in_for_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.area_id}"


class RolePermission(models.Model):
    """The table of `rules`, mirrored for the policies of the database; written by `yiwang migrate`."""

    read_only_for_program: ClassVar[bool] = True

    role = models.CharField(max_length=30)
    permission = models.CharField(max_length=40)
    reach = models.CharField(
        max_length=10, choices=[(Reach.AREA.value, "area"), (Reach.UNIT.value, "unit")]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "permission"], name="role_permission_once")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {Permission(self.permission).value}"
