"""The database: its server, the roles' rights, its structure, its clock."""

from datetime import UTC, datetime

from django.db import connection

from yiwang.commands.installation import Installation
from yiwang.commands.questions import Question, Wrong
from yiwang.outside.postgres import DatabaseTrouble, external

APART = 5.0  # seconds between two clocks after which limits are no longer computed right
NARROW = (
    "make the role of DATABASE_URL anew: CREATE ROLE … LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE, "
    "owning nothing, then run `yiwang migrate`"
)
_OPEN = """
SELECT DISTINCT p.tablename FROM pg_policies p JOIN pg_class c ON c.oid = to_regclass(quote_ident(p.tablename))
WHERE p.schemaname = 'public' AND NOT c.relrowsecurity ORDER BY 1
"""


def questions(here: Installation) -> list[Question]:
    return [
        Question("database", lambda: server(here)),
        Question("structure", structure),
        Question("rights", rights),
        Question("clock", clock),
    ]


def server(here: Installation) -> str:
    try:
        version = external.check(here.program_url, here.owner_url)
    except DatabaseTrouble as trouble:
        says = str(trouble)
        mend = NARROW if "DATABASE_URL " in says else "mend the variable that is named"
        raise Wrong(says.rstrip("."), mend) from trouble
    return f"PostgreSQL {version}; the program's role owns nothing and bypasses no policy"


def structure() -> str:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Wrong(f"{len(missing)} changes are missing", "run `yiwang migrate`")
    return "up to date"


def rights() -> str:
    from yiwang.kernel.foundation.database import wrong_rights

    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        unguarded = [table for (table,) in cursor.fetchall()]
    if unguarded:
        raise Wrong(
            f"row-level security is off on {', '.join(unguarded)}",
            f"as the owner: ALTER TABLE {unguarded[0]} ENABLE ROW LEVEL SECURITY",
        )
    if wrong := wrong_rights():
        raise Wrong(f"the program may do {'; '.join(wrong[:3])}", "run `yiwang migrate`")
    return "the program may do what each table allows, and no more"


def clock() -> str:
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    middle = before + (datetime.now(UTC) - before) / 2
    apart = abs((row[0] - middle).total_seconds()) if row else 0.0
    if apart > APART:
        raise Wrong(
            f"the database's clock is {apart:.0f} s apart from this machine's",
            "let both machines keep time by the same server (systemd-timesyncd or chrony)",
        )
    return f"{apart:.1f} s apart from the database's"
