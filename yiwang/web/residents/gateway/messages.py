"""Everything that crosses between the residents' pages and the kernel. Coordinates are WGS-84 degrees, lengths metres.

Names come in Chinese with the English beside them where there is one: the reader's language is known only here.
"""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from yiwang.kernel.foundation.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    NoSpace,
    Refused,
    Stale,
)
from yiwang.kernel.foundation.sentences import Sentence

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]


class Message(BaseModel):
    """Frozen, closed to unknown fields; bytes travel as base64."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )


class AskTown(Message):
    pass


class Kind(Message):
    """A category something can be reported under; `group` is its heading."""

    id: int
    name: str
    name_en: str = ""
    group: str
    group_en: str = ""
    emergency: bool = False


class Community(Message):
    id: int
    name: str


class Town(Message):
    """What the report page shows of the town. `generated`: its map was made up for a demonstration."""

    name: str
    generated: bool
    kinds: tuple[Kind, ...]
    communities: tuple[Community, ...]

    def kind(self, kind_id: int | None) -> Kind | None:
        return next((kind for kind in self.kinds if kind.id == kind_id), None)


class AskOutline(Message):
    pass


class Outline(Message):
    """The town's land as GeoJSON, communities and grids; `version` is another after every change."""

    version: str
    features: dict[str, Any]


class AskKept(Message):
    pass


class KeptLine(Message):
    """How long one kind of data stays; its words are Chinese sentences to be translated where they are read.

    `how_long` is a sentence as JSON.
    """

    key: str
    stays: bool
    what: str
    how_long: dict[str, Any]
    after: str
    why: str
    done: str


class Kept(Message):
    """What is known of residents and when it ends."""

    lines: tuple[KeptLine, ...]


class AskKinds(Message):
    text: str


class Kinds(Message):
    """Kinds the words may mean, the likeliest first."""

    ids: tuple[int, ...]


class AskNearby(Message):
    lon: Lon
    lat: Lat
    category_id: int | None = None
    within_m: float = 300


class NearbyCase(Message):
    """A public matter: what kind, where about, how far along. Nobody's words."""

    number: str
    kind: str
    kind_en: str = ""
    area: str
    metres: float
    stage: str
    opened_at: datetime
    voices: int
    alike: bool
    photo_id: int | None = None


class Nearby(Message):
    """Matters near the point, and the community and grid it lies in; `area` is "" outside the town's land."""

    cases: tuple[NearbyCase, ...]
    area: str = ""
    is_outside: bool = False


class NewFile(Message):
    """A photo, video, voice or document whose bytes follow; `id` is made on this side, the same through every retry."""

    id: uuid.UUID | None = None
    kind: Literal["photo", "video", "voice", "document"] = "photo"
    name: str = ""
    size: int = 0


class File(Message):
    id: uuid.UUID


class NewReport(Message):
    """One voice. `id` and `follow_code` are made on this side; `follows` is the number of a public case.

    `language` is that of the page: a short message to this person speaks it too.
    """

    id: uuid.UUID
    follow_code: str
    text: str
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    address: str = ""
    area_id: int | None = None
    category_id: int | None = None
    name: str = ""
    phone: str = ""
    follows: str = ""
    photo_ids: tuple[uuid.UUID, ...] = ()
    language: Literal["zh-hans", "en"] = "zh-hans"


class Taken(Message):
    """The code to follow it: the first one given, should the report have been sent before."""

    follow_code: str
    repeated: bool


class AskFollow(Message):
    code: str


class FollowedPhoto(Message):
    """See `kernel.cases.following.FollowedPhoto`."""

    id: int
    purpose: str
    kind: str = "photo"
    name: str = ""
    seconds: int = 0


class Followed(Message):
    """See `kernel.cases.following.Followed`; `kind` is the category's name, "" while there is none."""

    code: str
    case_number: str
    step: str | None
    ended: str
    reached: tuple[datetime | None, ...]
    received_at: datetime
    answer_due_at: datetime | None
    work_due_at: datetime | None
    suspended_until: date | None
    reopened: bool
    shared_by: int
    kind: str
    kind_en: str
    emergency: bool
    area: str
    unit: str
    answer: str
    answered_at: datetime | None
    result: str
    rating: str
    rated_at: datetime | None
    photos: tuple[FollowedPhoto, ...]
    may_rate: bool
    may_confirm: bool
    may_ask: bool


class Rate(Message):
    code: str
    rating: str
    reason: str = ""


class Confirm(Message):
    code: str


class Unsolved(Message):
    code: str
    reason: str


class Question(Message):
    code: str
    text: str


class Done(Message):
    pass


class AskPart(Message):
    """Bytes of something published; `thumb` for lists. With `length` 0 only what it is."""

    id: int
    size: Literal["full", "thumb"] = "full"
    start: Annotated[int, Field(ge=0)] = 0
    length: Annotated[int, Field(ge=0, le=1024 * 1024)] = 0


class Part(Message):
    """`whole` is the size of the whole, `tag` another for other bytes, `name` what it may be saved as."""

    mime: str
    whole: int
    tag: str
    name: str
    content: bytes


_REFUSALS: dict[str, type[Refused]] = {
    kind.__name__: kind for kind in (Invalid, Forbidden, Missing, Conflict, Stale, NoSpace)
}


class Refusal(Message):
    """A refusal on its way: what kind, the sentence as data, the field, the code for programs."""

    kind: str
    sentence: dict[str, Any]
    field: str | None
    code: str

    @classmethod
    def of(cls, refused: Refused) -> "Refusal":
        said = refused.sentence
        sentence = said if isinstance(said, Sentence) else Sentence(str(said).replace("%", "%%"))
        kind = type(refused).__name__
        return cls(
            kind=kind if kind in _REFUSALS else "Conflict",
            sentence=sentence.as_json(),
            field=refused.field,
            code=refused.code,
        )

    def restored(self) -> Refused:
        """The refusal as it was raised on the other side."""
        return _REFUSALS[self.kind](
            Sentence.from_json(self.sentence), field=self.field, code=self.code
        )
