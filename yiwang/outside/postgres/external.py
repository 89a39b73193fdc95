"""A PostgreSQL server that is not ours: old enough, reachable, and its roles as narrow as they must be."""

import psycopg

from yiwang.outside.postgres.trouble import DatabaseTrouble

OLDEST = 16


def check(program_url: str, owner_url: str) -> str:
    """Return the server's version when the two roles are fit for use.

    Raises:
        DatabaseTrouble: naming the variable and what is wrong with it.
    """
    with connect(owner_url, "DATABASE_OWNER_URL") as connection:
        version = _refuse_old(connection)
        _refuse_wrong_encoding(connection)
        _refuse_powerless_owner(connection)
        owner = connection.info.user
    with connect(program_url, "DATABASE_URL") as connection:
        _refuse_powerful_program(connection, owner)
    return version


def connect(url: str, variable: str) -> psycopg.Connection:
    """Connect, or say in one sentence why not.

    Raises:
        DatabaseTrouble: nobody answers, wrong password, no such database.
    """
    try:
        return psycopg.connect(url, connect_timeout=5, autocommit=True)
    except psycopg.Error as error:
        raise DatabaseTrouble(f"{variable}: {_reason(url, str(error))}.") from error


def _reason(url: str, words: str) -> str:
    wanted = psycopg.conninfo.conninfo_to_dict(url)
    server = f"{wanted.get('host')}:{wanted.get('port', 5432)}"
    if "password authentication failed" in words or "no password supplied" in words:
        return f"the server at {server} does not accept the password of role {wanted.get('user')}"
    if "does not exist" in words:
        return f"the server at {server} knows no such role or database: {_last_line(words)}"
    if "refused" in words or "timeout" in words or "resolve" in words or "unreachable" in words:
        return f"no PostgreSQL answers at {server}"
    return _last_line(words)


def _last_line(words: str) -> str:
    return words.strip().splitlines()[-1].rpartition("FATAL:")[2].strip()


def _refuse_old(connection: psycopg.Connection) -> str:
    number = connection.info.server_version
    version = f"{number // 10000}.{number % 10000}"
    if number < OLDEST * 10000:
        raise DatabaseTrouble(
            f"The server of DATABASE_URL is PostgreSQL {version}; {OLDEST} or newer is needed."
        )
    return version


def _truth(connection: psycopg.Connection, question: str, *values: str) -> bool:
    row = connection.execute(question.encode(), values).fetchone()
    return bool(row and row[0])


def _refuse_wrong_encoding(connection: psycopg.Connection) -> None:
    if not _truth(connection, "SELECT current_setting('server_encoding') = 'UTF8'"):
        raise DatabaseTrouble("The database of DATABASE_URL is not encoded in UTF8.")


def _refuse_powerless_owner(connection: psycopg.Connection) -> None:
    if not _truth(connection, "SELECT has_schema_privilege('public', 'CREATE')"):
        raise DatabaseTrouble(
            f"The role {connection.info.user} of DATABASE_OWNER_URL may not create tables: "
            "make it the owner of the database."
        )


def _refuse_powerful_program(connection: psycopg.Connection, owner: str) -> None:
    for question, sentence in _PROGRAM_MUST_NOT:
        if _truth(connection, question):
            raise DatabaseTrouble(
                f"The role {connection.info.user} of DATABASE_URL {sentence}: "
                "the program must run as a role that row-level security binds."
            )
    if _truth(connection, "SELECT pg_has_role(current_user, %s, 'MEMBER')", owner):
        raise DatabaseTrouble(
            f"The role {connection.info.user} of DATABASE_URL is, or may become, the owner {owner}: "
            "the two URLs need two roles."
        )


_MY = "(SELECT oid FROM pg_roles WHERE rolname = current_user)"
_PROGRAM_MUST_NOT = (
    ("SELECT rolsuper FROM pg_roles WHERE rolname = current_user", "is a superuser"),
    (
        "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user",
        "bypasses row-level security",
    ),
    (
        f"SELECT EXISTS (SELECT FROM pg_class WHERE relowner = {_MY} AND relpersistence <> 't')",  # noqa: S608
        "owns tables",
    ),
    (
        "SELECT EXISTS (SELECT FROM pg_database "  # noqa: S608
        f"WHERE datname = current_database() AND datdba = {_MY})",
        "owns the database",
    ),
)
