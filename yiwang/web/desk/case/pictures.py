"""What is attached to a case: photos by purpose and the pair for the slider; films, voices and documents beside them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.cases.models import CasePhoto
from yiwang.kernel.cases.uploads import may_open
from yiwang.kernel.foundation.files.rules import KINDS, NEVER_PUBLIC, Kind
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.case.sight import Sight
from yiwang.web.kit.attached import Attached, attached
from yiwang.web.kit.say import exact

NAMES = {
    "before": gettext_lazy("处置前"),
    "after": gettext_lazy("处置后"),
    "check": gettext_lazy("核查"),
}


@dataclass(frozen=True)
class Picture:
    """One photo as the kit's parts take it."""

    id: int
    purpose: str
    url: str
    thumb: str
    alt: str
    caption: str
    published: bool


@dataclass(frozen=True)
class Other:
    """A film, voice or document, and whether it may be published or is."""

    item: Attached
    caption: str
    published: bool
    publishable: bool


@dataclass(frozen=True)
class Album:
    """All photos of a case; `pair` is the newest of before and of after, where both are there."""

    before: list[Picture]
    after: list[Picture]
    check: list[Picture]
    others: list[Other]
    may_publish: bool

    @property
    def pair(self) -> tuple[Picture, Picture] | None:
        return (self.before[0], self.after[-1]) if self.before and self.after else None

    @property
    def all(self) -> list[Picture]:
        return [*self.before, *self.after, *self.check]


def album_of(sight: Sight) -> Album:
    """Sort what the sight holds and this reader may open; no query."""
    opened = [one for one in sight.photos if may_open(one, sight.permissions)]
    pictures = [_picture(one) for one in opened if one.file.kind == Kind.PHOTO]
    by = {name: [p for p in pictures if p.purpose == name] for name in ("before", "after", "check")}
    others = [other_of(one) for one in opened if one.file.kind != Kind.PHOTO]
    return Album(**by, others=others, may_publish=sight.may(Permission.PHOTO_PUBLISH))


def other_of(one: CasePhoto) -> Other:
    """What is no photo, as the page of a case shows it."""
    file = one.file
    rule = KINDS[Kind(file.kind)]
    return Other(
        item=item_of(one),
        caption=str(NAMES[one.purpose]),
        published=one.published_at is not None,
        publishable=rule.publishable and file.is_ready and file.mime not in NEVER_PUBLIC,
    )


def item_of(one: CasePhoto) -> Attached:
    """What is attached as the parts of pages take it."""
    return attached(
        one.file,
        one.pk,
        url=reverse("photos:photo", args=[one.pk, "full"]),
        thumb=reverse("photos:photo", args=[one.pk, "thumb"])
        if one.file.kind == Kind.VIDEO
        else "",
        again=reverse("photos:item", args=[one.pk]),
    )


def _picture(photo: CasePhoto) -> Picture:
    return Picture(
        id=photo.pk,
        purpose=photo.purpose,
        url=reverse("photos:photo", args=[photo.pk, "full"]),
        thumb=reverse("photos:photo", args=[photo.pk, "thumb"]),
        alt=_("%(purpose)s的照片，%(at)s")
        % {"purpose": NAMES[photo.purpose], "at": exact(photo.added_at)[:16]},
        caption=str(NAMES[photo.purpose]),
        published=photo.published_at is not None,
    )
