"""The embedded PostgreSQL server: its binaries come with a wheel, its data lies in `YIWANG_HOME/postgres`.

    with hold(home) as database:        # starts the server when nobody has, waits until it answers
        database.program_url            # the role that owns nothing
        database.owner_url              # the role that owns the tables and migrates

A small process of its own, the keeper, runs the server. Everybody who needs the database holds a shared lock on
one file; the keeper stops the server and ends when nobody holds it any more. A holder killed with `kill -9`
loses its lock, a killed keeper takes the server along: in no case a stray server is left behind.

`kind="test"` is the fake beside it: the same server that forgets everything at a power cut, and is fast.
An external server is judged by `external.check`.
"""

from yiwang.outside.postgres.holding import Database, hold, revive
from yiwang.outside.postgres.trouble import DatabaseTrouble

__all__ = ["Database", "DatabaseTrouble", "hold", "revive"]
