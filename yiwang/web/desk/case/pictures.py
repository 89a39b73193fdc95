"""The photos of a case: strips by purpose, and the pair for the slider."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import CasePhoto
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.case.sight import Sight
from yiwang.web.kit.say import exact


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
class Album:
    """All photos of a case; `pair` is the newest of before and of after, where both are there."""

    before: list[Picture]
    after: list[Picture]
    check: list[Picture]
    may_publish: bool

    @property
    def pair(self) -> tuple[Picture, Picture] | None:
        return (self.before[0], self.after[-1]) if self.before and self.after else None

    @property
    def all(self) -> list[Picture]:
        return [*self.before, *self.after, *self.check]


def album_of(sight: Sight) -> Album:
    """Sort the photos the sight holds; no query."""
    pictures = [_picture(photo) for photo in sight.photos]
    by = {name: [p for p in pictures if p.purpose == name] for name in ("before", "after", "check")}
    return Album(**by, may_publish=sight.may(Permission.PHOTO_PUBLISH))


def _picture(photo: CasePhoto) -> Picture:
    names = {"before": _("处置前"), "after": _("处置后"), "check": _("核查")}
    return Picture(
        id=photo.pk,
        purpose=photo.purpose,
        url=reverse("photos:photo", args=[photo.pk, "full"]),
        thumb=reverse("photos:photo", args=[photo.pk, "thumb"]),
        alt=_("%(purpose)s的照片，%(at)s")
        % {"purpose": names[photo.purpose], "at": exact(photo.added_at)[:16]},
        caption=names[photo.purpose],
        published=photo.published_at is not None,
    )
