"""What programs send and get. Coordinates are WGS-84 degrees, lengths metres, moments ISO 8601 with an offset."""

import uuid
from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from yiwang.kernel.cases.rules.intake import clean_text
from yiwang.kernel.cases.rules.stages import Rating, ReportKind
from yiwang.kernel.foundation.numbering import normalise_follow_code

Words = Annotated[str, AfterValidator(clean_text)]
"""A text without control characters; NUL among them, which the database cannot hold."""

Id = Annotated[int, Field(ge=1, lt=2**63)]
Degrees = Annotated[float, Field(allow_inf_nan=False)]


def _code(text: str) -> str:
    code = normalise_follow_code(text)
    if text and not code:
        raise ValueError("13 characters of Crockford's base 32")
    return code


class NewReport(Schema):
    """A report. `id` is made by the client: sent again, it is the same report. Only `id` and `text` are required."""

    model_config = ConfigDict(extra="forbid")

    id: uuid.UUID
    text: Words
    kind: ReportKind = ReportKind.COMPLAIN
    lon: Degrees | None = None
    lat: Degrees | None = None
    accuracy_m: Degrees | None = None
    address: Words = ""
    area_id: Id | None = None
    category_id: Id | None = None
    category: Words = Field("", description="code of the category, instead of category_id")
    name: Words = ""
    phone: Words = ""
    outer_number: Annotated[Words, Field(max_length=64)] = ""
    follows: Annotated[
        Words, Field(max_length=24, description="number of a public case it is about")
    ] = ""
    follow_code: Annotated[str, AfterValidator(_code)] = Field(
        "", description="made by the client; else by us"
    )
    photo_ids: Annotated[tuple[uuid.UUID, ...], Field(max_length=20)] = ()


class Taken(Schema):
    """201 for a new report, 200 for one that was sent before (`repeated`)."""

    id: uuid.UUID
    case_number: str
    follow_code: str
    repeated: bool


class FollowedPhoto(Schema):
    """Something published; `kind`: photo, video, document."""

    id: int
    purpose: str
    kind: str


class Followed(Schema):
    """How far a report is. `step`: received, accepted, handling, checking, closed; null once `ended` (refused, void)."""

    code: str
    case_number: str
    step: str | None
    ended: str
    reached: list[datetime | None]
    received_at: datetime
    answer_due_at: datetime | None
    work_due_at: datetime | None
    suspended_until: date | None
    reopened: bool
    shared_by: int
    category_id: int | None
    area: str
    unit: str
    answer: str
    answered_at: datetime | None
    result: str
    rating: str
    rated_at: datetime | None
    photos: list[FollowedPhoto]
    may_rate: bool


class NewRating(Schema):
    """`dissatisfied` needs a reason, and reopens the case once."""

    model_config = ConfigDict(extra="forbid")

    rating: Rating
    reason: Words = ""


class KeptPhoto(Schema):
    id: uuid.UUID


class Refusal(Schema):
    """Why nothing was done. `code` is for programs and does not change with the wording."""

    code: str
    message: str
    field: str | None = None
