"""`YIWANG_HOME/secrets.json`: passwords of the database roles and the keys made at the first start."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from yiwang.outside.postgres.trouble import DatabaseTrouble

NAME = "secrets.json"


@dataclass(frozen=True)
class Secrets:
    """What only this installation knows. `data_key` is 32 bytes in base64."""

    superuser_password: str
    owner_password: str
    program_password: str
    secret_key: str
    data_key: str

    def __repr__(self) -> str:
        return "Secrets(…)"


def load_or_make(home: Path) -> Secrets:
    """Return the installation's secrets, made once and readable by the owner alone.

    Raises:
        DatabaseTrouble: the file is damaged, or missing though a database was made with it.
    """
    path = home / NAME
    if not path.exists():
        if (home / "postgres").exists():
            raise DatabaseTrouble(
                f"{path} is missing, but the database beside it was made with the passwords and keys in it: put it back."
            )
        _write_once(path, _fresh())
    return _read(path)


def _fresh() -> Secrets:
    return Secrets(
        superuser_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
        program_password=secrets.token_urlsafe(24),
        secret_key=secrets.token_urlsafe(48),
        data_key=base64.b64encode(secrets.token_bytes(32)).decode(),
    )


def _write_once(path: Path, content: Secrets) -> None:
    """Write the file whole or not at all; who comes second keeps the file of the first."""
    draft = path.with_name(f"{NAME}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(content), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _read(path: Path) -> Secrets:
    try:
        content = json.loads(path.read_text())
        return Secrets(**{field.name: str(content[field.name]) for field in fields(Secrets)})
    except PermissionError as error:
        raise DatabaseTrouble(f"{path} belongs to another account: start as that one.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DatabaseTrouble(f"{path} is damaged: put back a sound copy.") from error
