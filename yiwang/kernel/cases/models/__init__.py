"""Tables of the cases room."""

from yiwang.kernel.cases.models.case import Case, CaseQuerySet
from yiwang.kernel.cases.models.clock import Clock
from yiwang.kernel.cases.models.draft import Draft
from yiwang.kernel.cases.models.lookup import Lookup
from yiwang.kernel.cases.models.opening import Opening
from yiwang.kernel.cases.models.photo import CasePhoto
from yiwang.kernel.cases.models.report import Report, Reporter
from yiwang.kernel.cases.models.request import Request
from yiwang.kernel.cases.models.saved_filter import SavedFilter
from yiwang.kernel.cases.models.task import Task
from yiwang.kernel.cases.models.undo import Undo

__all__ = [
    "Case",
    "CasePhoto",
    "CaseQuerySet",
    "Clock",
    "Draft",
    "Lookup",
    "Opening",
    "Report",
    "Reporter",
    "Request",
    "SavedFilter",
    "Task",
    "Undo",
]
