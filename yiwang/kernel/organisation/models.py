"""Units, posts, and the postings of people to them, with dates."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.secrets import SealedTextField
from yiwang.kernel.foundation.shelf import Keeping, KeptManager
from yiwang.kernel.organisation.leave.rules import LIVE, Absence, LeaveState
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


UnitManager = KeptManager.from_queryset(UnitQuerySet)


class Unit(Keeping):
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

    objects = UnitManager()

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


LEAVE_STATE_NAMES = {
    LeaveState.ASKED: _("待同意"),
    LeaveState.AGREED: _("已同意"),
    LeaveState.REFUSED: _("未同意"),
    LeaveState.WITHDRAWN: _("已撤回"),
}


class LeaveQuerySet(models.QuerySet["Leave"]):
    def live(self) -> "LeaveQuerySet":
        """Leaves that keep their days taken: asked for or agreed to."""
        return self.filter(state__in=LIVE)

    def on(self, day: date) -> "LeaveQuerySet":
        """Leaves in force on that day: agreed to, and somebody is there to stand in."""
        return self.filter(
            state=LeaveState.AGREED,
            first_day__lte=day,
            last_day__gte=day,
            stand_in__is_active=True,
        )

    def touching(self, user_ids: Iterable[int]) -> "LeaveQuerySet":
        """Leaves of these people, or in which they stand in."""
        wanted = list(user_ids)
        return self.filter(Q(user__in=wanted) | Q(stand_in__in=wanted))


class Leave(models.Model):
    """One person away for some days, and who stands in. The reason is sealed: it may be an illness."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves", verbose_name=_("请假人")
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="stands_in",
        verbose_name=_("替岗人"),
    )
    first_day = models.DateField(_("第一天"))
    last_day = models.DateField(_("最后一天"))
    reason = SealedTextField(_("原因"), blank=True)
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=[(state.value, name) for state, name in LEAVE_STATE_NAMES.items()],
    )
    asked_at = models.DateTimeField(_("登记时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("决定人"),
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("请假")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="leave_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(user=F("stand_in")), name="leave_stand_in_is_another"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in LeaveState]),
                name="leave_has_a_known_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_day} {self.last_day}"

    @property
    def absence(self) -> Absence:
        return Absence(self.user_id, self.stand_in_id, self.first_day, self.last_day)


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
