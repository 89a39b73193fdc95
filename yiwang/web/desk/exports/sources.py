"""Which lists of this door can be taken as Excel; the lists are read only when one is asked for."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from yiwang.web.desk.needs import AT_THE_DESK, IN_A_UNIT, TO_READ_A_CASE

if TYPE_CHECKING:
    from yiwang.kernel.foundation.exports import Listing


def _queue(user: Any, at: datetime, query: str) -> "Listing":
    from yiwang.web.desk.exports import lists

    return lists.queue(user, at, query)


def _search(user: Any, at: datetime, query: str) -> "Listing":
    from yiwang.web.desk.exports import lists

    return lists.search(user, at, query)


def _unit(user: Any, at: datetime, query: str) -> "Listing":
    from yiwang.web.desk.exports import lists

    return lists.unit_work(user, at, query)


def register_lists() -> None:
    """Offer them; called once the apps are ready."""
    from yiwang.kernel.foundation.exports import Source, register

    register(Source("desk-list", _("案卷列表"), AT_THE_DESK, _queue))
    register(Source("desk-search", _("查找结果"), TO_READ_A_CASE, _search))
    register(Source("unit-work", _("单位任务"), IN_A_UNIT, _unit))
