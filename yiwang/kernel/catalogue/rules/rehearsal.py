"""What a changed routing table would have done to past cases, before it is saved. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yiwang.kernel.catalogue.rules.routing import Match, Router, RouteRule
from yiwang.kernel.foundation.sentences import N_, Sentence

EXAMPLES = 5


@dataclass(frozen=True)
class RoutingFacts:
    """What routing knows of one past case. Paths as of `RouteRule`; "" where unknown."""

    case_id: int
    category_path: str
    level: str
    area_path: str


@dataclass(frozen=True)
class Shift:
    """Cases that would go from one unit to another (None: to nobody), with some of their ids."""

    from_unit: int | None
    to_unit: int | None
    from_name: str
    to_name: str
    count: int
    examples: tuple[int, ...]


@dataclass(frozen=True)
class Rehearsal:
    """The outcome: how many of how many cases move, from where to where, and how many find nobody."""

    total: int
    moved: int
    unrouted_before: int
    unrouted: int
    shifts: tuple[Shift, ...]

    def sentence(self) -> Sentence:
        """Say it in one sentence."""
        if not self.moved:
            return Sentence(N_("%(total)s 件案件都不会换责任单位"), {"total": self.total})
        facts = {"total": self.total, "moved": self.moved}
        return Sentence(N_("%(total)s 件案件中有 %(moved)s 件会换责任单位"), facts)


_Move = tuple[int | None, int | None]


def rehearse(
    old: Sequence[RouteRule], new: Sequence[RouteRule], facts: Iterable[RoutingFacts]
) -> Rehearsal:
    """Route past cases by both tables and count the differences, the largest shift first.

    One pass, and memory for the shifts only: `facts` may be a cursor over a year of cases.
    """
    before, after = Router(old), Router(new)
    counts: dict[_Move, int] = defaultdict(int)
    examples: dict[_Move, list[int]] = defaultdict(list)
    total = unrouted_before = unrouted = 0
    for fact in facts:
        from_unit, to_unit = _unit(before, fact), _unit(after, fact)
        total += 1
        unrouted_before += from_unit is None
        unrouted += to_unit is None
        if from_unit != to_unit:
            counts[from_unit, to_unit] += 1
            if len(examples[from_unit, to_unit]) < EXAMPLES:
                examples[from_unit, to_unit].append(fact.case_id)
    names = {rule.unit_id: rule.unit_name for rule in (*old, *new)}
    shifts = [
        Shift(*move, _name(names, move[0]), _name(names, move[1]), count, tuple(examples[move]))
        for move, count in counts.items()
    ]
    shifts.sort(key=lambda shift: (-shift.count, shift.from_name, shift.to_name))
    return Rehearsal(total, sum(counts.values()), unrouted_before, unrouted, tuple(shifts))


def _unit(router: Router, fact: RoutingFacts) -> int | None:
    match: Match | None = router.route(fact.category_path, fact.level, fact.area_path)
    return match.unit_id if match else None


def _name(names: dict[int, str], unit_id: int | None) -> str:
    return names[unit_id] if unit_id is not None else "—"
