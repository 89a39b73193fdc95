"""The database answers who may see what, as the program's own role, without Django's help."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from yiwang.kernel.accounts import deactivate
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation import Permission, Role, areas_of, end_posting, units_of
from yiwang.kernel.organisation.models import RolePermission
from yiwang.kernel.organisation.rules import TABLE, reach_of


def ask(actor, function: str, permission: str) -> list:
    with speaking_as(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [permission])
        return sorted(cursor.fetchone()[0])


@pytest.fixture
def now():
    """Policies ask the database's own clock."""
    return timezone.now()


def test_the_mirror_is_the_table(db):
    mirrored = set(RolePermission.objects.values_list("role", "permission", "reach"))
    assert mirrored == {
        (role.value, permission.value, reach_of(role, permission).value)
        for role, permissions in TABLE.items()
        for permission in permissions
    }


def test_the_program_cannot_give_a_role_more(db):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RolePermission.objects.create(role="grid_worker", permission="case.void", reach="area")


@pytest.mark.parametrize("role", Role)
def test_database_and_program_answer_alike(corner, now, role):
    area = corner.zhongshan_01 if role is Role.GRID_WORKER else corner.zhongshan
    corner.post(corner.li_na, role, area, at=now)
    for permission in Permission:
        assert ask(corner.li_na, "yiwang_areas", permission) == sorted(
            areas_of(corner.li_na, permission, now)
        )
        assert ask(corner.li_na, "yiwang_units", permission) == sorted(
            units_of(corner.li_na, now, permission)
        )


def test_the_desk_reads_reporters_of_its_street(corner, now):
    corner.post(corner.wang_qiang, Role.DESK_OPERATOR, corner.street, at=now)
    assert ask(corner.wang_qiang, "yiwang_areas", "reporter.read") == [corner.street.path]


def test_a_resident_and_nobody_see_nothing(corner):
    assert ask(RESIDENT, "yiwang_areas", "case.view") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT yiwang_areas('case.view')")
        assert cursor.fetchone()[0] == []


@pytest.mark.parametrize("viewer", ["", "0", "x", "1; drop", "99999999999999999999999", "-1"])
def test_a_viewer_made_up_sees_nothing(corner, viewer):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('yiwang.viewer', %s, true)", [viewer])
        cursor.execute("SELECT yiwang_areas('case.view'), yiwang_units('task.handle')")
        assert cursor.fetchone() == ([], [])


def test_the_program_itself_sees_everything(corner):
    assert ask(SYSTEM, "yiwang_areas", "case.view") == ["/"]


def test_an_ended_posting_and_a_closed_account_open_nothing(corner, now):
    posting = corner.post(corner.wang_qiang, Role.DESK_OPERATOR, corner.street, at=now)
    corner.post(corner.chen_gang, Role.LEADER, corner.street, at=now)
    end_posting(posting, by=SYSTEM, at=now)
    deactivate(corner.chen_gang, by=SYSTEM, at=now)
    assert ask(corner.wang_qiang, "yiwang_areas", "case.view") == []
    assert ask(corner.chen_gang, "yiwang_areas", "case.view") == []
