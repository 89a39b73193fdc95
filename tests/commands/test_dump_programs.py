"""Which pg_dump speaks with which server, and that no password stands on its command line."""

from pathlib import Path

import pytest

from yiwang.outside.postgres import DatabaseTrouble, dump


@pytest.mark.parametrize(
    ("server", "folder"), [(16, "pginstall"), (17, "pginstall18"), (18, "pginstall18")]
)
def test_the_programs_that_came_along_serve_what_they_can(
    server: int, folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dump, "_DEBIAN", tmp_path)
    assert dump.tool("pg_dump", server).parts[-3:-1] == (folder, "bin")


def test_the_machines_own_of_the_servers_version_come_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "17" / "bin" / "pg_dump"
    own.parent.mkdir(parents=True)
    own.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 17.5'\n")
    own.chmod(0o755)
    monkeypatch.setattr(dump, "_DEBIAN", tmp_path)
    assert dump.tool("pg_dump", 17) == own


def test_a_newer_server_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dump, "_DEBIAN", tmp_path)
    monkeypatch.setattr(dump.shutil, "which", lambda _name: None)
    with pytest.raises(DatabaseTrouble, match="postgresql-client-99"):
        dump.tool("pg_dump", 99)


def test_passwords_travel_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = {}

    def run(words: list[object], **more: object) -> object:
        told.update(words=words, **more)
        return type(
            "Done", (), {"returncode": 1, "stderr": "pg_dump: error: nobody\nDETAIL: 13800000000"}
        )

    monkeypatch.setattr(dump, "tool", lambda _name, _server: Path("/bin/pg_dump"))
    monkeypatch.setattr(dump.subprocess, "run", run)
    with pytest.raises(DatabaseTrouble) as trouble:
        dump.dump("postgres://o:s%20ecret@db:5432/y", tmp_path / "d", server=16, snapshot="1-1")
    assert "s ecret" not in " ".join(map(str, told["words"]))
    assert told["env"]["PGPASSWORD"] == "s ecret"
    assert "13800000000" not in str(trouble.value)
