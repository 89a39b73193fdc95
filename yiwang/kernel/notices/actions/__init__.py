"""Every write of this room: telling, sending what leaves the house, and what the town decides about both."""

from yiwang.kernel.notices.actions.telling import (
    deliver_event,
    enqueue,
    enqueue_many,
    enqueue_told,
    mark_read,
)

__all__ = ["deliver_event", "enqueue", "enqueue_many", "enqueue_told", "mark_read"]
