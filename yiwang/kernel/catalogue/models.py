"""Categories, their conditions, the routing rules and the limits of the stages."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.catalogue.rules.words import Kind, Stage, Urgency, Verifier
from yiwang.kernel.foundation.calendar.rules import Limit, LimitUnit

KIND_NAMES = {Kind.PART: _("部件"), Kind.EVENT: _("事件"), Kind.MATTER: _("事项")}
URGENCY_NAMES = {Urgency.NORMAL: _("一般"), Urgency.URGENT: _("紧急")}
VERIFIER_NAMES = {
    Verifier.DEPUTY: _("AB 岗"),
    Verifier.COMMUNITY: _("社区"),
    Verifier.DESK: _("受理台"),
    Verifier.RESIDENT: _("诉求人"),
}
STAGE_NAMES = {
    Stage.ACCEPT: _("受理环节"),
    Stage.DISPATCH: _("派遣环节"),
    Stage.HANDLE: _("处置环节"),
    Stage.VERIFY: _("核查环节"),
    Stage.ANSWER: _("答复环节"),
    Stage.CALL_BACK: _("回访环节"),
}
LIMIT_UNIT_NAMES = {
    LimitUnit.HOUR: _("工作时"),
    LimitUnit.WORKDAY: _("工作日"),
    LimitUnit.URGENT_HOUR: _("紧急工作时"),
    LimitUnit.URGENT_WORKDAY: _("紧急工作日"),
}
LEVEL_NAMES = {
    "grid": _("网格级"),
    "community": _("社区级"),
    "subdistrict": _("街道级"),
    "county": _("区县级"),
}
IMPORTED = "imported"


class CategoryQuerySet(models.QuerySet["Category"]):
    def published(self) -> "CategoryQuerySet":
        """Open for new matters."""
        return self.filter(published=True)

    def drafts(self) -> "CategoryQuerySet":
        """Neither published yet nor retired."""
        return self.filter(published=False, retired_at__isnull=True)

    def under(self, path: str) -> "CategoryQuerySet":
        """The category with that path and everything beneath it."""
        return self.filter(path__startswith=path)

    def in_order(self) -> "CategoryQuerySet":
        return self.order_by("sort_order", "code")


class Category(models.Model):
    """A kind of matter: module → major → minor. Never deleted, since cases of years point at it.

    `code` is unique in the whole tree; where a standard numbers the list it is a letter for the list
    and the standard's own digits, major 2 + minor 2 ("P0102": 部件 01-02).
    `topic` names who declared it: a topic's code, "imported" for another system's history, or blank
    for the town itself. An `edited` category is the town's: a topic's starter list leaves it and its
    conditions alone. `version` counts the changes, so that a stale page is noticed.
    """

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级类别"),
    )
    path = models.CharField(max_length=200, editable=False, db_index=True)
    module = models.CharField(_("模块"), max_length=40, blank=True)
    topic = models.CharField(_("来自"), max_length=40, blank=True)
    code = models.CharField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    kind = models.CharField(
        _("性质"),
        max_length=10,
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        default=Kind.MATTER.value,
    )
    published = models.BooleanField(_("已发布"), default=False)
    public = models.BooleanField(_("可以公开"), default=True)
    emergency = models.BooleanField(_("先拨急救、报警电话"), default=False)
    inspectors_only = models.BooleanField(_("只有纪检人员可见"), default=False)
    keywords = models.TextField(_("关键词"), blank=True)
    sort_order = models.PositiveIntegerField(_("顺序"), default=0)
    edited = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("事项类别")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="category_has_a_name"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
                name="category_code_is_one_word",
            ),
            models.CheckConstraint(
                condition=Q(published=False) | Q(retired_at__isnull=True),
                name="category_published_or_retired",
            ),
            models.CheckConstraint(
                condition=Q(public=False) | Q(inspectors_only=False),
                name="category_of_inspectors_is_not_public",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="category_is_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="category_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def word_list(self) -> tuple[str, ...]:
        """The keywords one by one."""
        return tuple(self.keywords.split())


class Limited(models.Model):
    """Something with a time limit: an amount and the unit it is counted in."""

    limit_amount = models.PositiveIntegerField(_("办理时限"))
    limit_unit = models.CharField(
        _("时限单位"),
        max_length=20,
        choices=[(unit.value, name) for unit, name in LIMIT_UNIT_NAMES.items()],
    )

    class Meta:
        abstract = True

    @property
    def limit(self) -> Limit:
        return Limit(self.limit_amount, LimitUnit(self.limit_unit))


class Condition(Limited):
    """A circumstance under which a category is taken up (立案条件): how fast, with which evidence."""

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="conditions", verbose_name=_("事项类别")
    )
    code = models.CharField(_("条件代码"), max_length=20)
    name = models.CharField(_("立案条件"), max_length=200)
    name_en = models.CharField(_("英文"), max_length=200, blank=True)
    urgency = models.CharField(
        _("紧急程度"),
        max_length=10,
        choices=[(urgency.value, name) for urgency, name in URGENCY_NAMES.items()],
        default=Urgency.NORMAL.value,
    )
    needs_photo_before = models.BooleanField(_("处置前照片"), default=False)
    needs_photo_after = models.BooleanField(_("处置后照片"), default=True)
    verify_by = models.CharField(
        _("核查人"),
        max_length=10,
        choices=[(verifier.value, name) for verifier, name in VERIFIER_NAMES.items()],
        default=Verifier.COMMUNITY.value,
    )
    public = models.BooleanField(_("可以公开"), default=True)
    is_default = models.BooleanField(_("默认"), default=False)
    active = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("时限来源"), max_length=80, blank=True)
    sort_order = models.PositiveIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("立案条件")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "code"], name="condition_code_once"),
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(is_default=True),
                name="condition_one_default_per_category",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(active=True), name="condition_default_is_active"
            ),
            models.CheckConstraint(
                condition=Q(limit_amount__gt=0), name="condition_limit_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(limit_unit__in=[unit.value for unit in LimitUnit]),
                name="condition_limit_unit_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoutingRule(models.Model):
    """One line of the routing table; its number (the key) stays when lines are moved.

    No category, a blank level, no area: any.
    """

    order = models.PositiveIntegerField(_("顺序"))
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="routing_rules",
        verbose_name=_("事项类别"),
    )
    level = models.CharField(
        _("层级"), max_length=20, blank=True, choices=list(LEVEL_NAMES.items())
    )
    area = models.ForeignKey(
        "territory.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("区域"),
    )
    unit = models.ForeignKey(
        "organisation.Unit",
        models.PROTECT,
        related_name="routing_rules",
        verbose_name=_("派往单位"),
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("派遣规则")
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"],
                name="routing_rule_order_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", *LEVEL_NAMES]),
                name="routing_rule_level_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class StageLimit(Limited):
    """How long a stage of a case may take in this town, where the condition does not say."""

    stage = models.CharField(
        _("环节"),
        max_length=20,
        unique=True,
        choices=[(stage.value, name) for stage, name in STAGE_NAMES.items()],
    )

    class Meta:
        verbose_name = _("环节时限")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(limit_amount__gt=0), name="stage_limit_is_positive"),
            models.CheckConstraint(
                condition=Q(limit_unit__in=[unit.value for unit in LimitUnit]),
                name="stage_limit_unit_known",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in Stage]), name="stage_known"
            ),
        ]

    def __str__(self) -> str:
        return self.stage
