"""Whose land a reader's figures speak of."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.organisation.duties import areas_of
from yiwang.kernel.organisation.rules import Permission


def land_of(
    user: User, at: datetime, permission: Permission = Permission.FIGURES_VIEW, *, on: str = ""
) -> Q:
    """Return the filter of cases on the land the permission reaches; `on` is the path to the case ("case__")."""
    paths = areas_of(user, permission, at)
    parts = [Q(**{f"{on}area_path__startswith": path}) for path in paths]
    return reduce(or_, parts) if parts else Q(pk__in=[])


def counted(user: User, at: datetime) -> CaseQuerySet:
    """Return the cases a reader's figures count: their land, without matters about staff."""
    return Case.objects.filter(land_of(user, at), confidential=False)
