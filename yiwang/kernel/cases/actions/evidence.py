"""Photos, films, voices and documents that belong to a move."""

from yiwang.kernel.cases.actions.turn import Turn
from yiwang.kernel.cases.models import CasePhoto, Task
from yiwang.kernel.cases.uploads import check_uploaded
from yiwang.kernel.foundation.files.rules import Kind


def attach(turn: Turn, task: Task | None, purpose: str) -> int:
    """Keep what was given with a move; return how many photos the task has for this purpose.

    Evidence is a photo: a film or a paper may stand beside it, not in its place.
    """
    ids = turn.given.get("photo_ids", [])
    check_uploaded(ids, by=turn.by)
    CasePhoto.objects.bulk_create(
        CasePhoto(
            case=turn.case, task=task, file_id=photo, purpose=purpose, added_at=turn.at,
            added_by=turn.user,
        )
        for photo in ids
    )  # fmt: skip
    kept = CasePhoto.objects.filter(case=turn.case, task=task, purpose=purpose)
    return kept.filter(file__kind=Kind.PHOTO).count()
