"""What is kept, and who ends it: the table of the rooms beside the schedule of the worker."""

from yiwang.config.schedule import SCHEDULE
from yiwang.kernel.foundation import retention


def test_every_line_of_the_table_is_ended_by_somebody() -> None:
    tasks = {line.task for line in SCHEDULE}
    assert "foundation.retain" in tasks
    for rule in retention.table():
        assert rule.is_own == (rule.count is not None), rule.key
        assert rule.is_own or rule.lasts is None or rule.task in tasks, rule.key
