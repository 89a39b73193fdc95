from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.town.small import MORNING, Town
from yiwang.commands.indicators import indicators
from yiwang.kernel.indicators.models import DayCount


@pytest.mark.slow
def test_rebuild_counts_every_day_that_is_over_anew(town: Town) -> None:
    town.closed(at=MORNING - timedelta(days=2))
    for _time in range(2):
        told = CliRunner().invoke(indicators, ["rebuild"])
        assert "days are counted anew" in told.output, told.output
        assert DayCount.objects.filter(by="area").get().reported == 1
        DayCount.objects.update(reported=7)
