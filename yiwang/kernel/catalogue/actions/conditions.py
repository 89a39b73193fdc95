"""Adding and changing the conditions of a category, and the limits of the stages."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.catalogue.actions.writing import (
    changed,
    line,
    one_at_a_time,
    the_category,
    touched,
)
from yiwang.kernel.catalogue.models import Condition, StageLimit
from yiwang.kernel.catalogue.permissions import require_catalogue
from yiwang.kernel.catalogue.rules.words import Stage, Urgency, Verifier
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.errors import Invalid, Missing


class ConditionFields(TypedDict, total=False):
    """What may be set of a condition. A condition is never deleted: it is made inactive."""

    name: str
    name_en: str
    limit: Limit
    urgency: Urgency
    needs_photo_before: bool
    needs_photo_after: bool
    verify_by: Verifier
    public: bool
    is_default: bool
    active: bool
    source: str


_LONGEST = {"name": 200, "name_en": 200, "source": 80}


@transaction.atomic
def add_condition(
    category_id: int,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    **fields: Unpack[ConditionFields],
) -> Condition:
    """Add a condition; the first one of a category is its default. `name` and `limit` are needed.

    Raises:
        Forbidden, Missing, Stale (`version` is the category's), Invalid.
    """
    require_catalogue(by, at)
    one_at_a_time()
    category = the_category(category_id, version)
    if "limit" not in fields:
        raise Invalid(_("请填写时限"), field="limit")
    others = Condition.objects.filter(category=category)
    last = others.order_by("-sort_order").first()
    condition = Condition(category=category, code=_free_code(others.values_list("code", flat=True)))
    condition.sort_order = (last.sort_order if last else 0) + 1
    first = not others.filter(is_default=True).exists()
    _set(condition, {"name": "", "is_default": first, **fields})
    return _store(condition, "condition_added", by, at, {})


def _free_code(taken: Iterable[str]) -> str:
    numbers = [int(code) for code in taken if code.isdecimal()]
    return str(max(numbers, default=0) + 1)


@transaction.atomic
def edit_condition(
    condition_id: int,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    **fields: Unpack[ConditionFields],
) -> Condition:
    """Change a condition, make it the default, or make it inactive.

    Raises:
        Forbidden, Missing, Stale (`version` is the category's), Invalid.
    """
    require_catalogue(by, at)
    one_at_a_time()
    condition = Condition.objects.filter(pk=condition_id).select_related("category").first()
    if condition is None:
        raise Missing(_("没有这个立案条件"))
    the_category(condition.category_id, version)
    differences = _set(condition, fields)
    return _store(condition, "condition_edited", by, at, differences) if differences else condition


def _set(condition: Condition, fields: ConditionFields) -> dict[str, list[object]]:
    was = _told(condition)
    for name, value in fields.items():
        if isinstance(value, Limit):
            condition.limit_amount, condition.limit_unit = value.amount, value.unit.value
        elif isinstance(value, Urgency | Verifier):
            setattr(condition, name, value.value)
        elif isinstance(value, str):
            setattr(condition, name, line(value, _LONGEST[name], name, needed=name == "name"))
        else:
            setattr(condition, name, value)
    _check_default(condition, was["is_default"] is True)
    now = _told(condition)
    return {name: [was[name], now[name]] for name in now if was[name] != now[name]}


def _check_default(condition: Condition, was_default: bool) -> None:
    if condition.is_default and not condition.active:
        raise Invalid(_("默认条件不能停用：请先把另一条设为默认"), field="active")
    if was_default and not condition.is_default:
        raise Invalid(_("请把另一条设为默认，这一条就不再是默认"), field="is_default")


def _told(condition: Condition) -> dict[str, object]:
    """The fields of a condition as the record tells them."""
    names = [name for name in ConditionFields.__annotations__ if name != "limit"]
    limit = condition.limit.as_text() if condition.limit_amount else ""
    return {"limit": limit, **{name: getattr(condition, name) for name in names}}


def _store(
    condition: Condition, verb: str, by: Actor, at: datetime, differences: dict[str, list[object]]
) -> Condition:
    category = condition.category
    if condition.is_default:
        Condition.objects.filter(category=category).exclude(pk=condition.pk).update(
            is_default=False
        )
    condition.save()
    touched(category)
    facts = {"code": category.code, "condition": condition.code, "changed": differences}
    audit.record("category", category.pk, verb, by=by, at=at, facts=facts)
    changed()
    return condition


@transaction.atomic
def set_stage_limit(stage: Stage, limit: Limit, *, by: Actor, at: datetime) -> StageLimit:
    """Say how long a stage may take. Clocks that run already keep the limit they began with.

    Raises:
        Forbidden: without `catalogue.manage`.
    """
    require_catalogue(by, at)
    one_at_a_time()
    row, _created = StageLimit.objects.update_or_create(
        stage=stage.value,
        defaults={"limit_amount": limit.amount, "limit_unit": limit.unit.value},
    )
    facts = {"stage": stage.value, "limit": limit.as_text()}
    audit.record("stage_limit", stage.value, "stage_limit_set", by=by, at=at, facts=facts)
    changed()
    return row
