"""Past cases as routing sees them, for the rehearsal of a changed rule."""

from collections.abc import Iterator
from datetime import datetime

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.catalogue.rules.rehearsal import RoutingFacts

AT_ONCE = 2000
NEVER_SENT = (Stage.MERGED, Stage.VOID, Stage.REFUSED)


def routing_facts(since: datetime, until: datetime) -> Iterator[RoutingFacts]:
    """Yield the cases opened from `since` to before `until`, oldest first: one query, a stream.

    Cases that no unit ever works on (merged, void, refused) are left out, and matters about staff. The category's path is
    today's, since today's rules speak of today's tree. Call within a transaction.
    """
    cases = Case.objects.filter(opened_at__gte=since, opened_at__lt=until, confidential=False)
    rows = (
        cases.exclude(stage__in=NEVER_SENT)
        .order_by("opened_at", "id")
        .values_list("id", "category__path", "level", "area_path")
    )
    for case_id, category_path, level, area_path in rows.iterator(chunk_size=AT_ONCE):
        yield RoutingFacts(case_id, category_path or "", level, area_path)
