"""The small town as the journeys find it: its people can sign in, and a case stands in each stage."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from tests.journeys.office import PASSWORD
from tests.town.small import Town, build
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.organisation import actions as organisation
from yiwang.kernel.organisation.rules import Role

STEPS = (
    ("accepted", "accept", "wang_fang"),
    ("dispatched", "dispatch", "wang_fang"),
    ("handling", "sign", "li_na"),
    ("reported_back", "report_back", "li_na"),
    ("closed", "pass_check", "chen_jing"),
)


@dataclass
class Folk:
    """The town, with the number of one case in each stage and the follow code of its report."""

    town: Town
    numbers: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)


def move_in() -> Folk:
    """Found the town, give everybody the one password, and let a case come to stand in each stage."""
    at = timezone.now() - timedelta(days=1)
    town = build(at)
    organisation.appoint(
        User.objects.create(username="li.jing", display_name="李静"), unit=town.unit("受理中心"),
        role=Role.DESK_OPERATOR, area=town.divisions["南城街道"], by=town.wu_gang, at=at,
        starts_on=timezone.localdate(at),
    )  # fmt: skip
    User.objects.update(password=make_password(PASSWORD))
    folk = Folk(town)
    for place in range(len(STEPS) + 1):
        _stand(folk, place, at)
    return folk


def _stand(folk: Folk, steps: int, at: datetime) -> None:
    """One more case, brought this many steps on its way."""
    town = folk.town
    receipt = town.report(f"第 {steps + 1} 棵行道树长虫", at=at, category_id=town.category("病虫害"),
                          lon=115.475, lat=35.235, name="周大爷", phone="10000000001")  # fmt: skip
    given = {
        "dispatch": {"unit_id": town.unit("市政服务中心").pk},
        "report_back": {"note": "已打药"},
    }
    for minutes, (_stage, move, who) in enumerate(STEPS[:steps], start=1):
        cases.perform(
            receipt.case_id, move, by=getattr(town, who), at=at + timedelta(minutes=minutes),
            **given.get(move, {}),
        )  # fmt: skip
    stage = STEPS[steps - 1][0] if steps else "reported"
    folk.numbers[stage] = Case.objects.get(pk=receipt.case_id).number
    folk.codes[stage] = receipt.follow_code
