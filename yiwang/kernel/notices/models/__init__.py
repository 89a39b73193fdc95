from yiwang.kernel.notices.models.notice import Notice, NoticeQuerySet
from yiwang.kernel.notices.models.outlet import Circuit, Endpoint
from yiwang.kernel.notices.models.ruling import EventRule, Preference, QuietHours, Wording
from yiwang.kernel.notices.models.sending import Attempt, Sending, SendingQuerySet

__all__ = [
    "Attempt",
    "Circuit",
    "Endpoint",
    "EventRule",
    "Notice",
    "NoticeQuerySet",
    "Preference",
    "QuietHours",
    "Sending",
    "SendingQuerySet",
    "Wording",
]
