"""The two roles of the embedded server and their database."""

import psycopg
from psycopg import sql

from yiwang.outside.machine.ports import LOOPBACK
from yiwang.outside.postgres.cluster import SUPERUSER, Cluster
from yiwang.outside.postgres.secrets import Secrets

OWNER = "yiwang_owner"
PROGRAM = "yiwang_app"
DATABASE = "yiwang"


def ensure(cluster: Cluster, secrets: Secrets) -> None:
    """Make what is missing of roles and database; does nothing on a second start."""
    for_tests = cluster.kind == "test"
    with _superuser(cluster, secrets, "postgres") as connection:
        _role(connection, OWNER, secrets.owner_password, makes_databases=for_tests)
        _role(connection, PROGRAM, secrets.program_password)
        if for_tests:
            connection.execute(f"GRANT pg_signal_backend TO {OWNER}")
        _database(connection)


def _superuser(cluster: Cluster, secrets: Secrets, name: str) -> psycopg.Connection:
    return psycopg.connect(
        host=LOOPBACK,
        port=cluster.port,
        user=SUPERUSER,
        password=secrets.superuser_password,
        dbname=name,
        autocommit=True,
    )


def _role(
    connection: psycopg.Connection, name: str, password: str, *, makes_databases: bool = False
) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        return
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {} PASSWORD {}").format(
            sql.Identifier(name),
            sql.SQL("CREATEDB" if makes_databases else "NOCREATEDB"),
            sql.Literal(password),
        )
    )


def _database(connection: psycopg.Connection) -> None:
    """Make the database; only the two roles may enter it."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if not found.fetchone():
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
    connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {PROGRAM}")
