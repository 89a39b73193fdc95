"""One row of the list: what it is, where, how long."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.territory.rules.trust import Trust
from yiwang.web.desk.looks import ChannelLook, channel_of, stage_name
from yiwang.web.desk.names import category_title, short_area
from yiwang.web.kit import say
from yiwang.web.kit.states import state_of


@dataclass(frozen=True)
class Row:
    """A case as the list shows it."""

    case: Case
    look: str
    stage: str
    number: str
    area: str
    category: str
    unit: str
    channel: ChannelLook
    address: str

    @property
    def doubtful(self) -> bool:
        """Somebody should look at the place while the case is still at the desk."""
        return (
            self.case.stage in (Stage.REPORTED, Stage.ACCEPTED)
            and self.case.trust != Trust.TRUSTED
            and not self.case.place_confirmed
        )


def row_of(case: Case, at: datetime) -> Row:
    """Everything a row says; no query."""
    return Row(
        case=case,
        look=state_of(case, at),
        stage=stage_name(case.stage),
        number=short_number(case.number, say.local(at).date()),
        area=short_area(case.area_path),
        category=category_title(case.category_id),
        unit=unit_of(case),
        channel=channel_of(case.channel),
        address=address_of(case.number),
    )


def unit_of(case: Case) -> str:
    """The name of its unit, which comes with the case."""
    name: str = getattr(case, "unit_name", "")
    return name


@lru_cache(8_192)
def address_of(number: str) -> str:
    """Where the case is; always the same."""
    return reverse("cases:case", args=[number])


def short_number(number: str, today: date) -> str:
    """今日 0042; of another day 11-22 0042; of another year in full."""
    day, _dash, serial = number.rpartition("-")
    if day == f"{today:%Y%m%d}":
        return _("今日 %(serial)s") % {"serial": serial}
    same_year = len(day) == 8 and day.startswith(str(today.year))
    return f"{day[4:6]}-{day[6:]} {serial}" if same_year else number
