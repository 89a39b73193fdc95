"""Every setting of the program: its name, meaning and default, read from the environment and refused when wrong.

`docs/settings.md` is checked against this table by `tests/house`.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yiwang.kernel.organisation.rules import Permission, Role


class WrongSetting(Exception):
    """A setting has a value the program cannot run with; the message is one sentence."""


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("expected yes or no")


def _whole_number(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError("expected a number that is not negative")
    return number


def _optional_number(value: str) -> int | None:
    return _whole_number(value) if value else None


def _one_of(*words: str) -> Callable[[str], str]:
    def read_word(value: str) -> str:
        if value not in words:
            raise ValueError("expected one of " + ", ".join(word or "(empty)" for word in words))
        return value

    return read_word


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("expected http(s)://host")
    return value.rstrip("/")


def _headers(value: str) -> dict[str, str]:
    """Turn "Authorization: Bearer x; X-App: y" into a table."""
    found = {}
    for part in value.split(";"):
        name, colon, content = part.partition(":")
        if part.strip() and not (colon and name.strip()):
            raise ValueError("expected Name: value; Name: value")
        if part.strip():
            found[name.strip()] = content.strip()
    return found


def _body(value: str) -> str:
    if value.lstrip().startswith(("{", "[")):
        json.loads(value)  # JSONDecodeError is a ValueError
    return value


def _answer_rule(value: str) -> str:
    if value and not value.startswith("^") and not value.partition("=")[0]:
        raise ValueError("expected a path and a value, like Code=OK, or ^OK")
    if value and not value.startswith("^") and "=" not in value:
        raise ValueError("expected a path and a value, like Code=OK, or ^OK")
    return value


def _some(value: str) -> int:
    number = _whole_number(value)
    if number == 0:
        raise ValueError("expected a number above nought")
    return number


def _roles_or_permissions(value: str) -> list[str]:
    known = {*map(str, Role), *map(str, Permission)}
    unknown = [part for part in _list(value) if part not in known]
    if unknown:
        raise ValueError(f"{unknown[0]} is neither a role nor a permission")
    return _list(value)


def _list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _path(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _optional_path(value: str) -> Path | None:
    return _path(value) if value else None


def _optional_file(value: str) -> Path | None:
    if value and not _path(value).is_file():
        raise ValueError("expected a file that is there")
    return _optional_path(value)


def _time_of_day(value: str) -> time | None:
    """Turn 02:30 into a time.

    Raises:
        ValueError: no time of day.
    """
    try:
        return time.fromisoformat(value) if value else None
    except ValueError as error:
        raise ValueError("expected a time of day such as 02:30") from error


def _database(value: str) -> dict[str, object]:
    """Turn postgres://user:password@host:port/name into Django's database fields.

    Raises:
        ValueError: another scheme, or a part is missing.
    """
    if not value:
        return {}
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("expected postgres://user:password@host:port/name")
    if not parts.hostname or not parts.path.strip("/") or not parts.username:
        raise ValueError("expected postgres://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(parts.port or 5432),
    }


@dataclass(frozen=True)
class Setting:
    """One environment variable: `read` turns its text into the value, or raises ValueError."""

    name: str
    meaning: str
    default: str
    read: Callable[[str], object]


SETTINGS = (
    Setting("YIWANG_HOME", "folder for database, files and keys", "./var", _path),
    Setting(
        "YIWANG_PORT", "port of the web process on the loopback address", "8000", _whole_number
    ),
    Setting(
        "YIWANG_LIVE_PORT",
        "port of the live process on the loopback address; empty means the one after YIWANG_PORT",
        "",
        _optional_number,
    ),
    Setting("YIWANG_DEBUG", "show error details; never in a real office", "no", _flag),
    Setting(
        "YIWANG_HOSTS",
        "host names the pages are served under, by comma",
        "127.0.0.1,localhost",
        _list,
    ),
    Setting(
        "YIWANG_HTTPS",
        "pages are served behind TLS: cookies only over https, plain http is sent there; needs YIWANG_PROXIES",
        "no",
        _flag,
    ),
    Setting(
        "YIWANG_HSTS_DAYS",
        "days for which a browser remembers that the office speaks https only",
        "365",
        _whole_number,
    ),
    Setting("YIWANG_SECRET_KEY", "signs sessions; made at the first start when empty", "", _text),
    Setting(
        "YIWANG_DATA_KEY",
        "32 bytes in base64, seals names and telephones; made at the first start when empty",
        "",
        _text,
    ),
    Setting(
        "YIWANG_PROXIES",
        "addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, by comma",
        "",
        _list,
    ),
    Setting(
        "YIWANG_INTAKE_PER_MINUTE",
        "reports one address may send in a minute before it must wait",
        "30",
        _whole_number,
    ),
    Setting(
        "YIWANG_SECOND_FACTOR",
        "roles or permissions that need a second factor, by comma: administrator,inspector,reporter.read",
        "",
        _roles_or_permissions,
    ),
    Setting(
        "YIWANG_IDLE_MINUTES", "minutes without a click after which one is signed out", "120", _some
    ),
    Setting(
        "YIWANG_SESSION_HOURS", "hours after which one signs in again in any case", "12", _some
    ),
    Setting(
        "YIWANG_WRONG_PASSWORDS",
        "wrong passwords from one address that lock a user name",
        "5",
        _some,
    ),
    Setting("YIWANG_LOCKED_MINUTES", "minutes such a lock lasts", "15", _some),
    Setting(
        "YIWANG_ISSUED_DAYS", "days an issued password waits for its first sign-in", "14", _some
    ),
    Setting(
        "YIWANG_SESSIONS", "devices one person may be signed in on; the oldest ends", "10", _some
    ),
    Setting(
        "YIWANG_PASSWORD_WORDS",
        "words of the town that are no password, by comma, as one types them: nancheng,mudan,heze",
        "",
        _list,
    ),
    Setting(
        "YIWANG_PASSWORD_LIST",
        "file of published passwords that are refused: one SHA-1 a line, ascending",
        "",
        _optional_file,
    ),
    Setting(
        "YIWANG_POOL", "largest number of database connections of one process", "12", _whole_number
    ),
    Setting("YIWANG_WORKERS", "web processes", "2", _whole_number),
    Setting(
        "YIWANG_BACKUPS",
        "folder for backups, best on another disk; empty means YIWANG_HOME/backups",
        "",
        _optional_path,
    ),
    Setting("YIWANG_BACKUP_KEEP", "newest backups that stay", "14", _whole_number),
    Setting(
        "YIWANG_BACKUP_AT",
        "time of day at which `yiwang run` makes a backup; empty means never",
        "",
        _time_of_day,
    ),
    Setting(
        "YIWANG_ADDRESS",
        "address of the pages, which links in messages begin with; empty means the first host",
        "",
        _web_address,
    ),
    Setting(
        "YIWANG_SENDING_TIMEOUT",
        "seconds a mail server, gateway or endpoint may take",
        "10",
        _whole_number,
    ),
    Setting(
        "YIWANG_MAIL",
        "e-mail: smtp, recorded (written down, not sent) or off; empty: recorded in a demo town, else off",
        "",
        _one_of("", "smtp", "recorded", "off"),
    ),
    Setting("YIWANG_MAIL_HOST", "mail server", "", _text),
    Setting("YIWANG_MAIL_PORT", "its port", "25", _whole_number),
    Setting("YIWANG_MAIL_USER", "user name at the mail server", "", _text),
    Setting("YIWANG_MAIL_PASSWORD", "password at the mail server", "", _text),
    Setting(
        "YIWANG_MAIL_TLS",
        "encryption: none, starttls or tls (from the first byte)",
        "starttls",
        _one_of("none", "starttls", "tls"),
    ),
    Setting("YIWANG_MAIL_FROM", "sender of e-mails, like 南城街道 <yiwang@example.cn>", "", _text),
    Setting(
        "YIWANG_SMS",
        "short messages: http, recorded (written down, not sent) or off; "
        "empty: recorded in a demo town, else off",
        "",
        _one_of("", "http", "recorded", "off"),
    ),
    Setting("YIWANG_SMS_URL", "address of the gateway; may hold {phone} {text}", "", _web_address),
    Setting("YIWANG_SMS_METHOD", "POST or GET", "POST", _one_of("POST", "GET")),
    Setting(
        "YIWANG_SMS_BODY",
        "body of the request, JSON or a form, with {phone} {text} {key} {event} {number} {link}",
        "",
        _body,
    ),
    Setting("YIWANG_SMS_HEADERS", "headers: Name: value; Name: value", "", _headers),
    Setting(
        "YIWANG_SMS_SUCCESS",
        "how the gateway says yes: path=value of its JSON (Code=OK), or ^beginning of its text",
        "",
        _answer_rule,
    ),
    Setting(
        "YIWANG_SMS_NEVER",
        "how it says never (a wrong number), written the same; anything else is tried again",
        "",
        _answer_rule,
    ),
    Setting("YIWANG_SMS_ID", "path of the message id in its answer", "", _text),
    Setting("YIWANG_SMS_SIGN", "signature before each text, like 【南城街道】", "", _text),
    Setting(
        "YIWANG_SMS_KNOWS_KEYS",
        "the gateway sends the same {key} only once, so a doubtful message may be handed in again",
        "no",
        _flag,
    ),
    Setting(
        "YIWANG_WEBHOOK",
        "events to other systems: http, recorded (written down, not sent) or off; "
        "empty: recorded in a demo town, else http",
        "",
        _one_of("", "http", "recorded", "off"),
    ),
    Setting(
        "YIWANG_WEBHOOK_PRIVATE",
        "endpoints may lie in the town's own network and speak plain http",
        "no",
        _flag,
    ),
    Setting(
        "DATABASE_URL",
        "PostgreSQL for the program's own role; empty means the embedded server",
        "",
        _database,
    ),
    Setting(
        "DATABASE_OWNER_URL",
        "PostgreSQL for the role that owns the tables and migrates",
        "",
        _database,
    ),
)


_SECRET = ("URL", "KEY", "PASSWORD", "HEADERS", "BODY")  # never shown, not even a wrong one
_NEEDED = {
    ("YIWANG_MAIL", "smtp"): ("YIWANG_MAIL_HOST", "YIWANG_MAIL_FROM"),
    ("YIWANG_SMS", "http"): ("YIWANG_SMS_URL", "YIWANG_SMS_SUCCESS"),
}


def read(environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Return every setting by name.

    Raises:
        WrongSetting: naming the variable and what was expected.
    """
    values: dict[str, object] = {}
    for setting in SETTINGS:
        given = environ.get(setting.name, "") or setting.default
        try:
            values[setting.name] = setting.read(given)
        except ValueError as error:
            secret = any(word in setting.name for word in _SECRET)
            shown = "" if secret else f" ({given!r})"
            raise WrongSetting(f"{setting.name}{shown}: {error}") from error
    if bool(values["DATABASE_URL"]) != bool(values["DATABASE_OWNER_URL"]):
        raise WrongSetting("DATABASE_URL and DATABASE_OWNER_URL must be set together, or neither")
    if values["YIWANG_HTTPS"] and not values["YIWANG_PROXIES"]:
        raise WrongSetting(
            "YIWANG_HTTPS needs YIWANG_PROXIES: the address the TLS proxy comes from, mostly 127.0.0.1"
        )
    for chosen, needed in _NEEDED.items():
        missing = [name for name in needed if not values[name]]
        if values[chosen[0]] == chosen[1] and missing:
            raise WrongSetting(f"{chosen[0]}={chosen[1]} needs {', '.join(missing)}")
    return values


def live_port(values: Mapping[str, object]) -> int:
    """The port of the live process: its own, or the one after that of the pages."""
    own = values["YIWANG_LIVE_PORT"]
    return int(str(own if own is not None else int(str(values["YIWANG_PORT"])) + 1))
