"""When a posting passes to another person, open work goes along; what was done stays with who did it."""

from datetime import datetime

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Task
from yiwang.kernel.cases.rules.stages import OPEN_TASKS
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.organisation.models import Posting


def hand_over(from_user: User, to_user: User, posting: Posting, by: Actor, at: datetime) -> None:
    """Move the open tasks a person handles for the posting's unit to the successor; part of that transaction."""
    tasks = Task.objects.select_for_update().filter(
        handler=from_user, unit=posting.unit_id, state__in=OPEN_TASKS
    )
    for task in tasks.order_by("id"):
        task.handler = to_user
        task.save(update_fields=["handler"])
        facts: dict[str, object] = {"task": task.pk, "from": from_user.pk, "to": to_user.pk}
        audit.record("case", str(task.case_id), "task_handed_over", by=by, at=at, facts=facts)
