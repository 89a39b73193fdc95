"""The demo town is made in an empty database only."""

import pytest
from click.testing import CliRunner

from tests.town.small import Town
from yiwang.commands.demo import demo
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case

pytestmark = pytest.mark.django_db


def test_a_database_that_holds_a_town_is_refused_in_one_sentence(town: Town) -> None:
    before = Case.objects.count(), User.objects.count()
    answer = CliRunner().invoke(demo)
    assert answer.exit_code == 1
    assert "needs an empty one" in answer.output
    assert (Case.objects.count(), User.objects.count()) == before
    assert town.people
