"""What a case can be found by: written with a new case, and again when other words belong to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from yiwang.kernel.cases.models import Case, Lookup, Report
from yiwang.kernel.cases.rules.stages import OPEN_STAGES, Stage
from yiwang.kernel.cases.rules.words import marks_of, month_mark, words_of
from yiwang.kernel.foundation.shelf import standing
from yiwang.kernel.territory.land import land
from yiwang.kernel.territory.rules.levels import Level


def lookup_of(case: Mapping[str, Any], *texts: str) -> dict[str, object]:
    """Return the row of `Lookup` for a case given by its columns, as COPY takes it; what is not given is empty.

    Args:
        case: columns of a case by name ("id", "area_path", "unit_ids" …).
        texts: what the voices of the case say.
    """
    given = case.get
    return {
        "case_id": given("id"),
        "words": words_for(
            given("area_path", ""), given("address", ""), [given("title", ""), *texts]
        ),
        "marks": marks_for(case),
    }


def words_for(area_path: str, address: str, texts: Iterable[str]) -> str:
    """Return the words of a case: what was said, where, and what that place is called."""
    return words_of(*texts, address, *names_above(area_path))


def marks_for(case: Mapping[str, Any]) -> str:
    """Return the marks of a case given by its columns."""
    given, zone = case.get, timezone.get_default_timezone()
    closed = given("closed_at") if given("stage") == Stage.CLOSED else None
    return marks_of(
        area_path=given("area_path", ""),
        category_path=given("category_path", ""),
        unit_id=given("lead_unit_id") or given("suggested_unit_id"),
        unit_ids=given("unit_ids", ()),
        people=[*given("fixer_ids", ()), given("taken_by_id")],
        channel=given("channel", ""),
        opened=month_mark(case["opened_at"], zone),
        closed=month_mark(closed, zone) if closed else "",
        is_open=given("stage") in OPEN_STAGES,
    )


def names_above(area_path: str) -> tuple[str, ...]:
    """Return the names of the community and the grids a path lies in."""
    places = land().places
    above = (places.get(int(part)) for part in area_path.split("/") if part)
    return tuple(
        f"{place.name} {place.short_name}"
        for place in above
        if place is not None and place.level.depth >= Level.COMMUNITY.depth
    )


def reword(*cases: Case) -> None:
    """Write the words of cases anew, within the transaction that changed what they say or where they are."""
    texts: dict[int, list[str]] = {case.pk: [] for case in cases}
    for key, text in Report.objects.filter(case__in=texts).values_list("case", "text"):
        texts[key].append(text)
    for case in cases:
        words = words_for(case.area_path, case.address, [case.title, *texts[case.pk]])
        if standing():
            if not Lookup.objects.filter(case=case).update(words=words):
                Lookup.objects.create(case=case, words=words)
            continue
        with connection.cursor() as cursor:
            cursor.execute(_REWORD, [words, case.pk])


_REWORD = """
INSERT INTO cases_lookup (case_id, words, marks)
SELECT id, %s::tsvector, yiwang_case_marks(c) FROM cases_case AS c WHERE id = %s
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words, marks = excluded.marks
"""
