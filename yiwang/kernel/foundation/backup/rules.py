"""What stands in a manifest, how it is sealed, and when two states of a database differ. Pure."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST, DUMP, LIST, FILES = "manifest.json", "database.dump", "files.sha256", "files"
UNFINISHED = ".part"
_NAME = "%Y-%m-%dT%H%M%SZ"
NOTE = (
    "The keys are not in this backup. Keep secrets.json (or YIWANG_DATA_KEY and YIWANG_SECRET_KEY) in another place: "
    "without the key of the fingerprint below nobody can ever read the names and telephones in it again."
)


class BackupTrouble(Exception):
    """A backup cannot be made, trusted or brought back; the message is one sentence that says why."""


@dataclass(frozen=True)
class Keys:
    """The keys of an office: `data` seals first with the first; `secret` signs sessions and links."""

    data: tuple[bytes, ...]
    secret: str

    def __repr__(self) -> str:
        return "Keys(…)"

    @property
    def data_prints(self) -> list[str]:
        return [_print(b"fingerprint" + key) for key in self.data]

    @property
    def secret_print(self) -> str:
        return _print(b"secret" + self.secret.encode())


def _print(text: bytes) -> str:
    """Eight signs that tell two keys apart and betray neither."""
    return hashlib.sha256(text).hexdigest()[:8]


@dataclass(frozen=True)
class Office:
    """What a backup is made of; `owner_url` leads to the database as the role that owns the tables."""

    owner_url: str = field(repr=False)
    home: Path
    keys: Keys
    program: str


@dataclass(frozen=True)
class Part:
    """One file of a backup as it must be."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Picture:
    """A database in figures: equal pictures, equal content for all that can be told without reading it all."""

    tables: dict[str, int]
    heads: str  # digest of the last row of every subject of the record
    last_seal: dict[str, str]  # day and hash, or nothing
    structure: dict[str, list[str]]
    migrations: list[str]


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `lost` and `damaged` name files that the office itself no longer had whole."""

    made_at: str
    program: str
    server: int
    data_keys: list[str]
    secret_key: str
    database: Part
    list_of_files: Part
    files: int
    bytes_of_files: int
    picture: Picture
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    note: str = NOTE
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def name_for(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_NAME)


def moment_of(name: str) -> datetime | None:
    """The moment a folder of ours is named for; None for any other folder."""
    try:
        return datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def written(manifest: Manifest, keys: Keys) -> str:
    """The manifest as it stands in the file, with the seal only this key can make."""
    content = asdict(manifest)
    return json.dumps(
        {**content, "seal": _seal(content, keys.data[0])}, ensure_ascii=False, indent=1
    )


def read(text: str, keys: Keys) -> Manifest:
    """The manifest of a file, when this office made it and nobody touched it since.

    Raises:
        BackupTrouble: damaged, of a newer program, sealed with another key, or edited.
    """
    try:
        content: dict[str, Any] = json.loads(text)
        seal, number = str(content.pop("seal")), int(content["format"])
        prints = [str(each) for each in content["data_keys"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupTrouble(f"{MANIFEST} is damaged: it cannot be read.") from error
    if number > FORMAT:
        raise BackupTrouble(
            f"{MANIFEST} was written by a newer program: bring this one up to date."
        )
    refuse_other_key(prints, keys)
    key = keys.data[keys.data_prints.index(prints[0])]
    if not hmac.compare_digest(seal, _seal(content, key)):
        raise BackupTrouble(f"{MANIFEST} was changed after it was written: its seal does not fit.")
    return _manifest(content)


def refuse_other_key(prints: list[str], keys: Keys) -> None:
    """Raise unless every key that sealed something in the backup is here."""
    missing = [each for each in prints if each not in keys.data_prints]
    if missing or not prints:
        raise BackupTrouble(
            f"The backup's names and telephones are sealed with key {', '.join(missing) or '?'}, here is key "
            f"{', '.join(keys.data_prints)}: put back the secrets.json (or YIWANG_DATA_KEY) of the office it was made in."
        )


def _seal(content: dict[str, Any], key: bytes) -> str:
    own = hmac.digest(key, b"backup manifest", "sha256")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(own, text.encode(), "sha256").hex()


def _manifest(content: dict[str, Any]) -> Manifest:
    known = {each.name for each in fields(Manifest)}
    values = {name: value for name, value in content.items() if name in known}
    return Manifest(
        **{
            **values,
            "database": Part(**content["database"]),
            "list_of_files": Part(**content["list_of_files"]),
            "picture": Picture(**content["picture"]),
        }
    )


def differences(wanted: Picture, found: Picture) -> list[str]:
    """What the second lacks or has beyond the first, as sentences."""
    lines = [
        f"table {name} has {found.tables.get(name, 0)} rows, {count} were saved"
        for name, count in wanted.tables.items()
        if found.tables.get(name) != count
    ]
    lines += [f"table {name} was not saved" for name in found.tables.keys() - wanted.tables.keys()]
    if wanted.heads != found.heads:
        lines.append("the last rows of the record differ from those that were saved")
    if wanted.last_seal != found.last_seal:
        lines.append("the last daily seal differs from the one that was saved")
    for kind, names in wanted.structure.items():
        there = set(found.structure.get(kind, []))
        lines += [f"{kind} missing: {name}" for name in names if name not in there]
    return lines
