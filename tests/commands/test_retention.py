"""`yiwang retention` says what would end."""

from click.testing import CliRunner

from tests.town.small import Town
from yiwang.commands.retention import retention as command
from yiwang.kernel.foundation import retention


def test_the_command_says_each_line_of_the_table(town: Town) -> None:
    town.closed(name="马三", phone="10000123456")
    told = CliRunner().invoke(command, ["--dry-run"])
    assert told.exit_code == 0, told.output
    assert len(told.output.splitlines()) == len(retention.table())
