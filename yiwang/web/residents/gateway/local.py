"""The gateway while pages and kernel share a process: each method is one question to the kernel."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import shapely
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from yiwang.kernel import catalogue
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases import following
from yiwang.kernel.cases.actions import questions
from yiwang.kernel.cases.models import CasePhoto
from yiwang.kernel.cases.nearby import Near, nearby
from yiwang.kernel.cases.rules.intake import NewReport
from yiwang.kernel.cases.rules.stages import Channel
from yiwang.kernel.catalogue.entries import CategoryEntry
from yiwang.kernel.catalogue.snapshot import Book
from yiwang.kernel.foundation import files, retention
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.files.rules import MIME, SUFFIXES, Kind, Size
from yiwang.kernel.foundation.numbering import normalise_follow_code
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.territory import locating
from yiwang.kernel.territory.land import Drawn, Land, day_of, land
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.trust import UNPLACED, Location, Point, Trust
from yiwang.web.residents.gateway import Stream
from yiwang.web.residents.gateway import messages as m


class LocalGateway:
    """Calls the kernel as the nameless resident, at this moment."""

    def __init__(self) -> None:
        self.at: datetime = timezone.now()

    def town(self, ask: m.AskTown) -> m.Town:
        """The town's name, kinds and communities, made anew only when catalogue or land have changed."""
        global _town
        book, ground = catalogue.book(), land()
        if _town is None or _town[0] is not book or _town[1] is not ground:
            _town = (book, ground, _draw_town(book, ground, self.at))
        return _town[2]

    def outline(self, ask: m.AskOutline) -> m.Outline:
        """The communities on a map, kept with the land they were drawn from."""
        ground = land()
        if _OUTLINE not in ground.layers:
            ground.layers[_OUTLINE] = _draw_outline(ground, self.at).model_dump()
        return m.Outline.model_validate(ground.layers[_OUTLINE])

    def kept(self, ask: m.AskKept) -> m.Kept:
        """The lines of the table of times that residents are told; no query."""
        return m.Kept(
            lines=tuple(
                m.KeptLine(
                    key=rule.key, stays=rule.lasts is None, what=rule.what,
                    how_long=rule.how_long.as_json(), after=rule.after, why=rule.why,
                    done=rule.done,
                )
                for rule in retention.table()
                if rule.personal
            )
        )  # fmt: skip

    def suggest(self, ask: m.AskKinds) -> m.Kinds:
        return m.Kinds(ids=tuple(kind.id for kind in catalogue.book().suggest(ask.text)))

    def nearby(self, ask: m.AskNearby) -> m.Nearby:
        entry = catalogue.book().category(ask.category_id) if ask.category_id else None
        found = nearby(
            ask.lon, ask.lat, ask.within_m, at=self.at, public=True,
            category_path=entry.path if entry else "",
        )  # fmt: skip
        photos = _first_photos([near.case.pk for near in found]) if found else {}
        location = locating.locate_one(Point(ask.lon, ask.lat), self.at)
        return m.Nearby(
            cases=tuple(_near_case(near, photos.get(near.case.pk)) for near in found),
            area=_area_name(location),
            is_outside=location.trust is Trust.OUTSIDE,
        )

    def upload(self, head: m.NewFile, stream: Stream) -> m.File:
        kind = Kind(head.kind)
        stored = files.store(
            Sized(stream, head.size), kind, name=head.name, id=head.id, by=RESIDENT, at=self.at
        )
        return m.File(id=stored.pk)

    def take(self, report: m.NewReport) -> m.Taken:
        receipt = cases.take_report(_new_report(report), by=RESIDENT, at=self.at)
        return m.Taken(follow_code=receipt.follow_code, repeated=receipt.repeated)

    def follow(self, ask: m.AskFollow) -> m.Followed:
        return _followed(following.follow(normalise_follow_code(ask.code)))

    def rate(self, said: m.Rate) -> m.Done:
        report = following.find(normalise_follow_code(said.code))
        cases.rate(report.pk, said.rating, reason=said.reason, by=RESIDENT, at=self.at)
        return m.Done()

    def confirm_solved(self, said: m.Confirm) -> m.Done:
        report = following.find(normalise_follow_code(said.code))
        cases.confirm_solved(report.pk, by=RESIDENT, at=self.at)
        return m.Done()

    def say_unsolved(self, said: m.Unsolved) -> m.Done:
        report = following.find(normalise_follow_code(said.code))
        questions.say_unsolved(report.pk, said.reason, by=RESIDENT, at=self.at)
        return m.Done()

    def ask_desk(self, said: m.Question) -> m.Done:
        report = following.find(normalise_follow_code(said.code))
        questions.ask(report.pk, said.text, by=RESIDENT, at=self.at)
        return m.Done()

    def part(self, ask: m.AskPart) -> m.Part:
        """Bytes of something published.

        Raises:
            Missing: there is none with this number, or it is not published.
        """
        rows = CasePhoto.objects.select_related("file").filter(published_at__isnull=False)
        found = rows.filter(pk=ask.id).first()
        if found is None:
            raise Missing(Sentence(N_("没有这张照片或文件，或者它没有公开")))
        file, size = found.file, _size_of(found.file, ask.size)
        path = files.path_of(file, size)
        mime = MIME if size == "thumb" else file.mime
        with path.open("rb") as stream:
            stream.seek(ask.start)
            return m.Part(
                mime=mime,
                whole=path.stat().st_size,
                tag=f"{file.sha256}-{size}",
                name=f"{found.pk}.{SUFFIXES[mime]}",
                content=stream.read(ask.length),
            )


@dataclass(frozen=True)
class Sized:
    """A stream that says how much it brings, so that too much is refused before it is read."""

    stream: Stream
    size: int

    def read(self, size: int = -1, /) -> bytes:
        return self.stream.read(size)


def _size_of(file: StoredFile, asked: str) -> Size:
    """What of a file the public gets. A photo published before there were smaller ones is shown as it is."""
    if asked == "thumb" and file.kind in (Kind.PHOTO, Kind.VIDEO):
        return "thumb"
    return "public" if file.is_public or file.kind != Kind.PHOTO else "full"


def _area_name(location: Location) -> str:
    """中山社区 · 中山-02, 程堤口社区第二网格, or nothing where the point is in no grid."""
    if location.trust in UNPLACED or location.division_id is None:
        return ""
    places = land().places
    grid = places[location.division_id]
    community = places.get(grid.parent_id) if grid.parent_id else None
    if community is None or grid.name.startswith(community.name):
        return grid.name
    return f"{community.name} · {grid.name}"


_town: tuple[Book, Land, m.Town] | None = None
_OUTLINE = "residents.outline"


def _draw_town(book: Book, ground: Land, at: datetime) -> m.Town:
    served, day = ground.town(), day_of(at)
    communities = tuple(
        m.Community(id=place.id, name=place.name)
        for place in ground.places.values()
        if place.level is Level.COMMUNITY and place.is_in_force(day)
    )
    return m.Town(
        name=served.name if served else "",
        generated=ground.is_generated,
        kinds=tuple(_kind(book, entry) for entry in book.assignable),
        communities=communities,
    )


def _kind(book: Book, entry: CategoryEntry) -> m.Kind:
    lineage = book.lineage(entry.id)
    above = lineage[-2] if len(lineage) > 1 else entry
    return m.Kind(
        id=entry.id, name=entry.name, name_en=entry.name_en, group=above.name,
        group_en=above.name_en, emergency=entry.emergency,
    )  # fmt: skip


def _draw_outline(ground: Land, at: datetime) -> m.Outline:
    day = day_of(at)
    levels = [ground.map_of(level, day) for level in (Level.COMMUNITY, Level.GRID)]
    features = [
        _feature(drawn, shape)
        for shown in levels
        for drawn, shape in zip(shown.drawn, shown.shapes, strict=True)
    ]
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    return m.Outline(
        version=hashlib.sha256(json.dumps(collection).encode()).hexdigest()[:16],
        features=collection,
    )


def _feature(drawn: Drawn, shape: BaseGeometry) -> dict[str, Any]:
    """One division with its name; five decimals are a metre."""
    return {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-5))),
        "properties": {
            "id": drawn.place.id,
            "name": drawn.place.short_name or drawn.place.name,
            "level": str(drawn.place.level),
        },
    }


def _first_photos(case_ids: list[int]) -> dict[int, int]:
    rows = CasePhoto.objects.filter(
        case__in=case_ids, published_at__isnull=False, file__kind=Kind.PHOTO
    )
    first: dict[int, int] = {}
    for case_id, photo_id in rows.order_by("-id").values_list("case", "pk"):
        first[case_id] = photo_id
    return first


def _near_case(near: Near, photo_id: int | None) -> m.NearbyCase:
    case, book, places = near.case, catalogue.book(), land().places
    entry = book.category(case.category_id) if case.category_id else None
    place = places.get(case.area_id) if case.area_id else None
    return m.NearbyCase(
        number=case.number,
        kind=entry.name if entry else "",
        kind_en=entry.name_en if entry else "",
        area=place.name if place else "",
        metres=round(near.metres, 1),
        stage=str(following.step_of(case) or ""),
        opened_at=case.opened_at,
        voices=case.report_count,
        alike=near.alike,
        photo_id=photo_id,
    )


def _new_report(report: m.NewReport) -> NewReport:
    return NewReport(
        id=report.id, follow_code=report.follow_code, text=report.text, channel=Channel.WEB,
        lon=report.lon, lat=report.lat, accuracy_m=report.accuracy_m, address=report.address,
        chosen_area_id=report.area_id, category_id=report.category_id, name=report.name,
        phone=report.phone, follows=report.follows, photo_ids=report.photo_ids,
        language=report.language,
    )  # fmt: skip


_SAME = (
    "code", "case_number", "step", "ended", "reached", "received_at", "answer_due_at",
    "work_due_at", "suspended_until", "reopened", "shared_by", "area", "unit", "answer",
    "answered_at", "result", "rating", "rated_at", "may_rate", "may_confirm", "may_ask",
)  # fmt: skip


def _followed(known: following.Followed) -> m.Followed:
    entry = catalogue.book().category(known.category_id) if known.category_id else None
    return m.Followed(
        kind=entry.name if entry else "",
        kind_en=entry.name_en if entry else "",
        emergency=bool(entry and entry.emergency),
        photos=tuple(m.FollowedPhoto(**asdict(p)) for p in known.photos),
        **{name: getattr(known, name) for name in _SAME},
    )
