"""What people were told of a subject that has turned out to be none of their business."""

from collections.abc import Iterable

from yiwang.kernel.notices.models import Notice, Sending


def forget(subject_type: str, subject_id: int | str, *, keep: Iterable[int] = ()) -> int:
    """Take the notices of a subject away from everybody but `keep`; what has left the house keeps no number of it.

    Part of the transaction in which the subject changed. Returns how many notices were taken away.
    """
    subject = {"subject_type": subject_type, "subject_id": str(subject_id)}
    Sending.objects.filter(**subject).update(params={})
    gone, _by_model = Notice.objects.filter(**subject).exclude(user__in=list(keep)).delete()
    return gone
