"""The fakes' book: what would have gone out, a line of JSON each, in a folder beside the database.

Numbers and addresses are written down masked: the book is for looking at, and keeps nobody's number.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

AT_MOST = 5 * 1024 * 1024  # bytes; then the book begins anew and the former one is kept beside it
LOOKED_AT = 256 * 1024  # bytes read from the end


def write(folder: Path, name: str, entry: Mapping[str, object]) -> None:
    """Add a line to the book of this name; one write, so that two processes do not mix their lines."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    book = folder / f"{name}.jsonl"
    if book.exists() and book.stat().st_size > AT_MOST:
        book.replace(folder / f"{name}.1.jsonl")
    line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
    handle = os.open(book, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line)
    finally:
        os.close(handle)


def read(folder: Path, name: str, most: int = 50) -> list[dict[str, object]]:
    """The last lines of a book, newest first."""
    book = folder / f"{name}.jsonl"
    if not book.exists():
        return []
    with book.open("rb") as file:
        file.seek(max(0, book.stat().st_size - LOOKED_AT))
        lines = file.read().splitlines()
    found: list[dict[str, object]] = []
    for line in reversed(lines):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue  # the first line may be cut
        if len(found) == most:
            break
    return found


def masked(address: str) -> str:
    """138****5678, z***@example.cn."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    front, back = (3, 4) if len(address) >= 11 else (1, 1)
    return address[:front] + "*" * max(0, len(address) - front - back) + address[-back:]
