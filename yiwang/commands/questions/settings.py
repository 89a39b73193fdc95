"""Settings and keys: asked before anything is started."""

import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from yiwang.commands.questions import Doubt, Question, Wrong
from yiwang.kernel.foundation.secrets import DEVELOPMENT_KEY, fingerprint_of, keys_in
from yiwang.outside.postgres import secrets

LONG_ENOUGH = 32  # signs of a secret key
VARIED_ENOUGH = 12  # different signs or bytes of a key
HOME_HOSTS = {"127.0.0.1", "localhost", "::1", "[::1]"}
A_MONTH = 30
NEW_SECRET = "set YIWANG_SECRET_KEY to the output of `openssl rand -base64 48`"  # noqa: S105
NEW_KEY = "before there are any people in it, set YIWANG_DATA_KEY to the output of `openssl rand -base64 32`"


def questions(values: Mapping[str, Any], keys: Mapping[str, str]) -> list[Question]:
    """Questions about read settings and the keys in force."""
    return [
        Question("secret key", lambda: secret_key(keys["YIWANG_SECRET_KEY"])),
        Question("data key", lambda: data_key(keys["YIWANG_DATA_KEY"])),
        Question("home", lambda: home(values["YIWANG_HOME"])),
        Question("debug", lambda: debug(values["YIWANG_DEBUG"])),
        Question("hosts", lambda: hosts(values["YIWANG_HOSTS"])),
        Question("cookies and TLS", lambda: tls(values)),
        Question("second factor", lambda: second_factor(values["YIWANG_SECOND_FACTOR"])),
    ]


def secret_key(key: str) -> str:
    known = key in {"not-set-yet", "tests"} or key.startswith(("demo", "change", "django-insecure"))
    if known or len(key) < LONG_ENOUGH or len(set(key)) < VARIED_ENOUGH:
        raise Wrong("it can be guessed, and with it anybody's session be forged", NEW_SECRET)
    return "long and random"


def data_key(setting: str) -> str:
    try:
        keys = keys_in(setting)
    except ImproperlyConfigured as error:
        raise Wrong(str(error), NEW_KEY) from error
    for key in keys:
        if key == DEVELOPMENT_KEY or _is_text(key) or len(set(key)) < VARIED_ENOUGH:
            raise Wrong("it is a key for trying things out, and anybody may have it", NEW_KEY)
    prints = ", ".join(map(fingerprint_of, keys))
    return f"fingerprint {prints}; keep the key in another place too, no backup has it"


def _is_text(key: bytes) -> bool:
    """Whether somebody typed it: 32 random bytes are hardly ever all letters."""
    return all(32 <= byte < 127 for byte in key)


def home(folder: Path) -> str:
    made = folder / secrets.NAME
    for path in (made, folder / "files"):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Wrong(
                f"{path} is open to other accounts of this machine", f"run `chmod go= {path}`"
            )
    return f"{folder}, closed to other accounts"


def debug(on: bool) -> str:
    if on:
        raise Wrong("error pages show what nobody should see", "take YIWANG_DEBUG out")
    return "off"


def hosts(names: list[str]) -> str:
    outside = [name for name in names if name not in HOME_HOSTS]
    if any(name in {"*", ""} for name in names):
        raise Wrong("any name is answered to", "name the hosts in YIWANG_HOSTS, without *")
    if not outside:
        raise Wrong(
            "only this machine itself is served",
            "set YIWANG_HOSTS to the name the office has in the browser, such as yiwang.example.cn",
        )
    return ", ".join(outside)


def tls(values: Mapping[str, Any]) -> str:
    """Ask about cookies, the way to https and what browsers remember; one setting decides on all."""
    if not values["YIWANG_HTTPS"]:
        raise Wrong(
            "cookies are open and plain http is served",
            "put a TLS proxy in front and set YIWANG_HTTPS=yes and YIWANG_PROXIES=127.0.0.1",
        )
    if values["YIWANG_HSTS_DAYS"] < A_MONTH:
        raise Doubt(
            f"browsers remember https for {values['YIWANG_HSTS_DAYS']} days only",
            "raise YIWANG_HSTS_DAYS to 365 once everything works",
        )
    return f"cookies over https only, http is sent there, remembered for {values['YIWANG_HSTS_DAYS']} days"


def second_factor(asked: Collection[str]) -> str:
    if "administrator" not in asked:
        raise Doubt(
            "administrators sign in with a password alone",
            "set YIWANG_SECOND_FACTOR=administrator,inspector,reporter.read",
        )
    return f"asked of {', '.join(asked)}"
