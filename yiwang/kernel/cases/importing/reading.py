"""Lines of another system's file: each becomes a row, or a reason why not. Pure but for the file itself."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from yiwang.kernel.cases.importing.mapping import ONE_COLUMN, Mapping, WrongMapping
from yiwang.kernel.cases.rules.intake import clean_text, is_on_earth
from yiwang.kernel.cases.rules.stages import Channel, ReportKind

# A table packs to a tenth; what packs to less than a two-hundredth was made to fill a disk or a memory.
PACKED_AT_MOST, LOOKED_AT = 200, 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One matter of the other system. Times are aware; degrees WGS-84; None where the file says nothing."""

    line: int
    number: str
    opened: datetime
    target: datetime | None
    closed: datetime | None
    is_closed: bool
    on_time: bool | None
    unit: str
    category: str
    text: str
    lon: float | None
    lat: float | None
    address: str
    area: str
    channel: Channel
    kind: ReportKind
    result: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that cannot be taken, and why."""

    line: int
    number: str
    reason: str


class _Bad(Exception):
    pass


@contextmanager
def opened(path: Path, mapping: Mapping) -> Iterator[io.TextIOBase]:
    """Open a CSV file, or the one CSV file within a zip."""
    if path.suffix != ".zip":
        with path.open(encoding=mapping.encoding, newline="") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
        if len(names) != 1:
            raise WrongMapping(f"{path.name}: one .csv file is expected within, found {len(names)}")
        inside = archive.getinfo(names[0])
        if (
            inside.file_size > LOOKED_AT
            and inside.file_size > PACKED_AT_MOST * inside.compress_size
        ):
            raise WrongMapping(f"{path.name}: {names[0]} is packed more tightly than any table")
        with archive.open(inside) as raw:
            yield io.TextIOWrapper(raw, encoding=mapping.encoding, newline="")


def rows(stream: io.TextIOBase, mapping: Mapping) -> Iterator[Row | BadRow]:
    """Read every line after the header.

    Raises:
        WrongMapping: the header lacks a column the mapping names.
    """
    reader = csv.reader(stream, delimiter=mapping.delimiter)
    header = next(reader, [])
    read_one = reader_of(mapping, header)
    for cells in reader:
        if len(cells) != len(header):
            reason = f"{len(cells)} columns where the header has {len(header)}"
            yield BadRow(reader.line_num, cells[0] if cells else "", reason)
            continue
        yield read_one(reader.line_num, cells)


def reader_of(mapping: Mapping, header: list[str]) -> Callable[[int, list[str]], Row | BadRow]:
    """Return what turns the cells of one line into a row, with the columns looked up once."""
    places: dict[str, tuple[int, ...]] = {}
    for field, names in mapping.columns.items():
        missing = [name for name in names if name not in header]
        if missing:
            raise WrongMapping(f"[columns] {field}: the file has no column {missing[0]!r}")
        places[field] = tuple(header.index(name) for name in names)
    absent = len(header)  # where a field without a column reads: an empty cell after the last
    pick = itemgetter(*(places.get(field, (absent,))[0] for field in ONE_COLUMN))
    blank = mapping.blank

    def read_one(line: int, cells: list[str]) -> Row | BadRow:
        said = ["" if cell in blank else cell for cell in map(str.strip, cells)]
        said.append("")
        try:
            return _row(
                mapping, line, pick(said),
                category=_joined(said, places.get("category", ()), " / "),
                text=_joined(said, places.get("text", ()), "\n"),
            )  # fmt: skip
        except _Bad as bad:
            return BadRow(line, said[places["number"][0]], str(bad))

    return read_one


def _joined(said: list[str], where: tuple[int, ...], by: str) -> str:
    return by.join([said[place] for place in where if said[place]])


def _row(mapping: Mapping, line: int, cells: tuple[str, ...], *, category: str, text: str) -> Row:
    (
        number, opened_text, target, closed_text, status, on_time, unit, lon_text, lat_text,
        address, area, channel, kind, result, name, phone,
    ) = cells  # fmt: skip
    if not number or len(number) > 64:
        raise _Bad("number: empty or too long")
    opened_at = _moment(mapping, opened_text, "opened")
    if opened_at is None:
        raise _Bad("opened: empty")
    is_closed = _is_closed(mapping, status)
    closed = _moment(mapping, closed_text, "closed")
    if is_closed and closed is None:
        raise _Bad("closed: empty though the status is closed")
    if closed is not None and closed < opened_at:
        raise _Bad("closed: before opened")
    lon, lat = _place(lon_text, lat_text)
    return Row(
        line=line,
        number=number,
        opened=opened_at,
        target=_moment(mapping, target, "target"),
        closed=closed if is_closed else None,
        is_closed=is_closed,
        on_time=_on_time(mapping, on_time),
        unit=_unit(mapping, unit),
        category=category,
        text=clean_text(text) or number,
        lon=lon,
        lat=lat,
        address=" ".join(address.split())[:200],
        area=area,
        channel=mapping.channels.get(channel, Channel.IMPORT),
        kind=mapping.kinds.get(kind, ReportKind.COMPLAIN),
        result=clean_text(result),
        name=name[:60],
        phone=phone[:20],
    )


def _moment(mapping: Mapping, text: str, field: str) -> datetime | None:
    if not text:
        return None
    for form in mapping.time_formats:
        try:
            naive = (
                datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the mapping's
            )
        except ValueError:
            continue
        return naive if naive.tzinfo else naive.replace(tzinfo=mapping.zone)
    raise _Bad(f"{field}: {text!r} is not a time of the declared form")


def _is_closed(mapping: Mapping, word: str) -> bool:
    if word in mapping.closed_words:
        return True
    if word in mapping.open_words:
        return False
    raise _Bad(f"status: {word!r} is not declared")


def _on_time(mapping: Mapping, word: str) -> bool | None:
    if word in mapping.on_time_words:
        return True
    return False if word in mapping.late_words else None


def _unit(mapping: Mapping, word: str) -> str:
    if word in mapping.units or mapping.other_units == "create":
        return word
    raise _Bad(f"unit: {word!r} is not declared")


def _place(lon: str, lat: str) -> tuple[float | None, float | None]:
    if not lon and not lat:
        return None, None
    try:
        degrees = float(lon), float(lat)
    except ValueError as error:
        raise _Bad(f"place: {lon!r}, {lat!r} are not degrees") from error
    if not is_on_earth(*degrees):
        raise _Bad(f"place: {lon}, {lat} is not on earth")
    return degrees
