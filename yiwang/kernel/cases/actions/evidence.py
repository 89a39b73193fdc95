"""Photos that belong to a move."""

from yiwang.kernel.cases.actions.turn import Turn, refuse_field
from yiwang.kernel.cases.models import CasePhoto, Task
from yiwang.kernel.cases.rules.intake import PHOTOS_AT_MOST
from yiwang.kernel.cases.uploads import check_uploaded
from yiwang.kernel.foundation.sentences import N_


def attach(turn: Turn, task: Task | None, purpose: str) -> int:
    """Keep the photos given with a move; return how many the task has for this purpose."""
    ids = turn.given.get("photo_ids", [])
    if len(ids) > PHOTOS_AT_MOST:
        raise refuse_field("photos", N_("照片最多 %(most)s 张"), most=PHOTOS_AT_MOST)
    check_uploaded(ids, by=turn.by)
    CasePhoto.objects.bulk_create(
        CasePhoto(
            case=turn.case, task=task, file_id=photo, purpose=purpose, added_at=turn.at,
            added_by=turn.user,
        )
        for photo in ids
    )  # fmt: skip
    return CasePhoto.objects.filter(case=turn.case, task=task, purpose=purpose).count()
