"""A person's own filters of the desk's list, in their order, and those colleagues share. What a query means, the door says."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, ExpressionWrapper, Max, Q, QuerySet

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import SavedFilter
from yiwang.kernel.cases.rules.intake import clean_text
from yiwang.kernel.foundation.errors import Conflict, Invalid, Missing
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.organisation.duties import units_of

AT_MOST = 20
NAME_AT_MOST = 30
QUERY_AT_MOST = 400


def filters_of(user: User, at: datetime) -> "QuerySet[SavedFilter]":
    """Return the person's own filters, then those shared with the units they work for."""
    shared = Q(unit__in=units_of(user, at))
    rows = SavedFilter.objects.filter(Q(owner=user) | shared).select_related("owner", "unit")
    others = ExpressionWrapper(~Q(owner=user), BooleanField())
    return rows.order_by(others, "place", "pk")


def keep(name: str, query: str, *, share: bool, by: User, at: datetime) -> SavedFilter:
    """Keep a filter under a name; the same name again replaces it.

    Raises:
        Invalid: no name, or a long one. Conflict: too many.
    """
    clean = _name(name)
    if len(query) > QUERY_AT_MOST:
        raise Invalid(Sentence(N_("条件太多，存不下")), field="name")
    own = SavedFilter.objects.filter(owner=by)
    kept = own.filter(name=clean).first()
    if kept is None and own.count() >= AT_MOST:
        raise Conflict(Sentence(N_("最多存 %(most)s 个筛选"), {"most": AT_MOST}))
    if kept is None:
        last = own.aggregate(last=Max("place"))["last"]
        kept = SavedFilter(owner=by, name=clean, place=(last or 0) + 1)
    kept.query, kept.at, kept.unit_id = query, at, _unit(by, at) if share else None
    kept.save()
    return kept


def change(filter_id: int, *, name: str, share: bool, by: User, at: datetime) -> SavedFilter:
    """Rename one's own filter, share it or keep it to oneself.

    Raises:
        Missing: not one's own. Invalid: no name. Conflict: another filter has that name.
    """
    kept = _own(filter_id, by)
    kept.name, kept.unit_id = _name(name), _unit(by, at) if share else None
    try:
        with transaction.atomic():
            kept.save(update_fields=["name", "unit"])
    except IntegrityError as error:
        raise Conflict(Sentence(N_("已经有同名的筛选")), field="name") from error
    return kept


def drop(filter_id: int, *, by: User) -> None:
    """Delete one's own filter.

    Raises:
        Missing: not one's own.
    """
    _own(filter_id, by).delete()


@transaction.atomic
def move_up(filter_id: int, *, by: User) -> None:
    """Put one's own filter one place higher.

    Raises:
        Missing: not one's own.
    """
    own = list(SavedFilter.objects.select_for_update().filter(owner=by).order_by("place", "pk"))
    at = next((n for n, kept in enumerate(own) if kept.pk == filter_id), None)
    if at is None:
        raise Missing(Sentence(N_("没有这个筛选，或者它不是您的。")))
    if at:
        own[at - 1], own[at] = own[at], own[at - 1]
    for number, kept in enumerate(own, start=1):
        kept.place = number
    SavedFilter.objects.bulk_update(own, ["place"])


def _own(filter_id: int, by: User) -> SavedFilter:
    kept = SavedFilter.objects.filter(pk=filter_id, owner=by).first()
    if kept is None:
        raise Missing(Sentence(N_("没有这个筛选，或者它不是您的。")))
    return kept


def _unit(by: User, at: datetime) -> int | None:
    return next(iter(units_of(by, at)), None)


def _name(name: str) -> str:
    clean = clean_text(name).replace("\n", " ")
    if not clean:
        raise Invalid(Sentence(N_("请给筛选起个名称")), field="name")
    if len(clean) > NAME_AT_MOST:
        raise Invalid(Sentence(N_("名称最多 %(most)s 字"), {"most": NAME_AT_MOST}), field="name")
    return clean
