"""The table of roles, copied for the policies of the database."""

from django.db import transaction

from yiwang.kernel.organisation.models import RolePermission
from yiwang.kernel.organisation.rules import TABLE, reach_of


@transaction.atomic
def sync_role_permissions() -> int:
    """Make the mirror equal to `rules.TABLE`; run as the owner after each migration.

    Returns the number of rows. The program's role can read them and not change them.
    """
    wanted = {
        (role.value, permission.value): reach_of(role, permission).value
        for role, permissions in TABLE.items()
        for permission in permissions
    }
    for row in RolePermission.objects.all():
        if wanted.get((row.role, row.permission)) != row.reach:
            row.delete()
    RolePermission.objects.bulk_create(
        [RolePermission(role=r, permission=p, reach=reach) for (r, p), reach in wanted.items()],
        ignore_conflicts=True,
    )
    return len(wanted)
