"""What a cell means: a unit, an area, a role and a duty by the names people use, in either language."""

from datetime import date
from functools import cached_property
from typing import TypeVar

from django.utils import translation
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.organisation.models import GRID_DUTY_NAMES, ROLE_NAMES, Unit
from yiwang.kernel.organisation.rules import GridDuty, Role
from yiwang.kernel.territory.land import Place, land
from yiwang.kernel.territory.models import Division

T = TypeVar("T")


class Names:
    """Looks everything up once for a whole file."""

    @cached_property
    def _units(self) -> list[Unit]:
        return list(Unit.objects.active().select_related("division"))

    @cached_property
    def _roles(self) -> dict[str, Role]:
        found = {role.value: role for role in Role}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                found |= {str(name).lower(): role for role, name in ROLE_NAMES.items()}
        return found

    @cached_property
    def _duties(self) -> dict[str, GridDuty]:
        found = {"": GridDuty.NONE} | {duty.value: duty for duty in GridDuty}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                found |= {str(name).lower(): duty for duty, name in GRID_DUTY_NAMES.items()}
        return found

    def unit(self, text: str) -> Unit:
        """Raises: Invalid: no such unit in use, or several."""
        exact = [unit for unit in self._units if unit.code == text]
        found = exact or [unit for unit in self._units if unit.name == text]
        return _one(found, text, "unit")

    def role(self, text: str) -> Role:
        """Raises: Invalid: no such role; says which there are."""
        role = self._roles.get(text.lower())
        if role is None:
            allowed = "、".join(str(name) for name in ROLE_NAMES.values())
            raise Invalid(
                _("没有“%(text)s”；可以填：%(allowed)s") % {"text": text, "allowed": allowed},
                field="role",
            )
        return role

    def duty(self, text: str) -> GridDuty:
        """Raises: Invalid: no such duty; says which there are."""
        duty = self._duties.get(text.lower())
        if duty is None:
            allowed = "、".join(str(name) for name in GRID_DUTY_NAMES.values())
            raise Invalid(
                _("没有“%(text)s”；可以填：%(allowed)s") % {"text": text, "allowed": allowed},
                field="duty",
            )
        return duty

    def area(self, text: str, day: date) -> Division:
        """By code, by name, or by the end of a path of names (社区/网格).

        Raises: Invalid: no such area in force, or several.
        """
        wanted = [part.strip() for part in text.strip("/").split("/")]
        places = [place for place in land().places.values() if place.is_in_force(day)]
        coded = Division.objects.filter(code=text).values_list("pk", flat=True)
        gridded = Division.objects.filter(grid_code=text).values_list("pk", flat=True)
        codes = {*coded, *gridded} if len(wanted) == 1 else set()
        found = [place for place in places if place.id in codes]
        found = found or [place for place in places if _ends_with(place, wanted)]
        return Division.objects.get(pk=_one(found, text, "area").id)


def _ends_with(place: Place, wanted: list[str]) -> bool:
    """Say whether the names from this place upwards are those, full or short."""
    known = land().places
    here: Place | None = place
    for name in reversed(wanted):
        if here is None or name not in (here.name, here.short_name):
            return False
        here = known.get(here.parent_id or 0)
    return True


def _one(found: list[T], text: str, field: str) -> T:
    if len(found) == 1:
        return found[0]
    said = _("没有找到：%(text)s") if not found else _("有几个同名的：%(text)s，请写代码或写全")
    raise Invalid(said % {"text": text}, field=field)
