"""The sheet 立案条件 laid over the stored conditions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from yiwang.kernel.catalogue.excel.layout import CONDITIONS, CellValue
from yiwang.kernel.catalogue.excel.proposal.changes import Change, differences, titles, unique
from yiwang.kernel.catalogue.excel.reading import Line, Problem
from yiwang.kernel.catalogue.excel.stored import condition_values
from yiwang.kernel.catalogue.models import Category, Condition
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.sentences import N_, Sentence

_Key = tuple[str, str]


class ConditionProposal:
    """Conditions by category and code, as they would be."""

    def __init__(self, stored: Sequence[Condition], categories: Mapping[str, Category]) -> None:
        self._categories = categories
        self._all: dict[_Key, Condition] = {(c.category.code, c.code): c for c in stored}
        self.new: list[Condition] = []
        self.changed: list[Condition] = []
        self.changes: list[Change] = []
        self.problems: list[Problem] = []

    def take(self, lines: Sequence[Line]) -> None:
        """Lay the lines over what is stored."""
        taken: dict[_Key, Line] = {}
        for _key, line in unique(lines, self.problems):
            key = str(line.values["category"]), str(line.values["code"])
            if key[0] in self._categories:
                taken[key] = line
                self._take_line(key, line)
            else:
                told = Sentence(
                    N_("没有代码为 %(code)s 的类别：请先在“类别”表加上它"), {"code": key[0]}
                )
                self.problems.append(line.problem("category", told))
        self._check_defaults(taken)

    @property
    def categories_changed(self) -> list[Category]:
        """The categories whose conditions would be different."""
        codes = {c.category.code for c in (*self.new, *self.changed)}
        return [self._categories[code] for code in sorted(codes)]

    def _take_line(self, key: _Key, line: Line) -> None:
        condition = self._all.get(key)
        subject = " ".join(key)
        if condition is None:
            place = len(self._all) + 1
            condition = Condition(category=self._categories[key[0]], code=key[1], sort_order=place)
            self._all[key] = condition
            self.new.append(condition)
            self.changes.append(Change(CONDITIONS.name, line.row, "added", subject))
            _set(condition, line.values)
            return
        different = differences(line.values, condition_values(condition, key[0]))
        if different:
            told = Change(
                CONDITIONS.name, line.row, "changed", subject, titles(CONDITIONS, different)
            )
            self.changes.append(told)
            self.changed.append(condition)
            _set(condition, different)

    def _check_defaults(self, taken: Mapping[_Key, Line]) -> None:
        defaults: dict[str, list[_Key]] = defaultdict(list)
        for key, condition in self._all.items():
            if condition.is_default:
                defaults[key[0]].append(key)
        for key, line in taken.items():
            if not self._all[key].is_default:
                continue
            others = [code for _category, code in defaults[key[0]] if code != key[1]]
            if others:
                told = Sentence(
                    N_("每个类别只能有一条默认条件；条件 %(others)s 也是默认"),
                    {"others": "、".join(others)},
                )
                self.problems.append(line.problem("is_default", told))
            if not self._all[key].active:
                told = Sentence(N_("停用的条件不能是默认：请填“否”，并另设一条默认"))
                self.problems.append(line.problem("is_default", told))


def _set(condition: Condition, values: Mapping[str, CellValue]) -> None:
    for key, value in values.items():
        if isinstance(value, Limit):
            condition.limit_amount, condition.limit_unit = value.amount, value.unit.value
        elif key not in ("category", "code"):
            setattr(condition, key, str(value) if isinstance(value, str) else value)
