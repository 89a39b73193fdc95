"""The sheet 派遣规则 is the whole routing table, in its order: a rule that is not in it is gone."""

from collections.abc import Mapping, Sequence

from yiwang.kernel.catalogue.excel.layout import RULES
from yiwang.kernel.catalogue.excel.proposal.changes import Change, titles
from yiwang.kernel.catalogue.excel.reading import Line, Problem
from yiwang.kernel.catalogue.excel.stored import Directory
from yiwang.kernel.catalogue.models import Category, RoutingRule
from yiwang.kernel.foundation.sentences import N_, Sentence


class RuleProposal:
    """The table as it would be. Rules keep hold of their category, which may be new."""

    def __init__(
        self,
        stored: Sequence[RoutingRule],
        categories: Mapping[str, Category],
        units: Directory,
        areas: Directory,
    ) -> None:
        self._stored = {rule.pk: rule for rule in stored}
        self._categories, self._units, self._areas = categories, units, areas
        self.rules: list[RoutingRule] = []
        self.changes: list[Change] = []
        self.problems: list[Problem] = []

    def take(self, lines: Sequence[Line]) -> None:
        """Make the table of the lines."""
        seen: dict[int, int] = {}
        for line in lines:
            rule = self._rule(line)
            if rule is None:
                continue
            if rule.pk in seen:
                told = Sentence(N_("与第 %(row)s 行重复"), {"row": seen[rule.pk]})
                self.problems.append(line.problem("number", told))
            elif rule.pk:
                seen[rule.pk] = line.row
            rule.order = len(self.rules) + 1
            self._compare(rule, line)
            self.rules.append(rule)
        for number in self._stored:
            if number not in seen:
                self.changes.append(Change(RULES.name, 0, "removed", str(number)))

    def _rule(self, line: Line) -> RoutingRule | None:
        """Read one line; None when something in it cannot be found, which is then a problem."""
        number = line.values.get("number")
        before = self._stored.get(number) if isinstance(number, int) else None
        if number is not None and before is None:
            told = Sentence(N_("没有规则 %(number)s；新规则请留空"), {"number": str(number)})
            self.problems.append(line.problem("number", told))
        rule = RoutingRule(pk=before.pk if before else None)
        rule.level = str(line.values.get("level", before.level if before else ""))
        rule.note = str(line.values.get("note", before.note if before else ""))
        rule.active = bool(line.values.get("active", before.active if before else True))
        rule.category = self._category(line, before)
        rule.area_id = self._area(line, before)
        unit_id = self._find(line, "unit", self._units)
        if unit_id is None:
            return None
        rule.unit_id = unit_id
        return rule

    def _category(self, line: Line, before: RoutingRule | None) -> Category | None:
        if "category" not in line.values:
            return before.category if before else None
        code = str(line.values["category"])
        if code and code not in self._categories:
            told = Sentence(N_("没有代码为 %(code)s 的类别；空白为任何类别"), {"code": code})
            self.problems.append(line.problem("category", told))
        return self._categories.get(code)

    def _area(self, line: Line, before: RoutingRule | None) -> int | None:
        if "area" not in line.values:
            return before.area_id if before else None
        return self._find(line, "area", self._areas) if line.values["area"] else None

    def _find(self, line: Line, key: str, directory: Directory) -> int | None:
        text = line.values.get(key)
        if text is None:  # not readable, and a problem already
            return None
        found = directory.ids.get(str(text))
        if found is None:
            msgid = (
                N_("“%(text)s”不止一个：请写全")
                if text in directory.several
                else N_("没有“%(text)s”：请从列表中选择")
            )
            self.problems.append(line.problem(key, Sentence(msgid, {"text": str(text)})))
        return found

    def _compare(self, rule: RoutingRule, line: Line) -> None:
        before = self._stored.get(rule.pk) if rule.pk else None
        if before is None:
            self.changes.append(Change(RULES.name, line.row, "added", "—"))
            return
        different = {
            "number": rule.order != before.order,
            "category": (rule.category and rule.category.code)
            != (before.category and before.category.code),
            "level": rule.level != before.level,
            "area": rule.area_id != before.area_id,
            "unit": rule.unit_id != before.unit_id,
            "note": rule.note != before.note,
            "active": rule.active != before.active,
        }
        keys = {key: True for key, is_different in different.items() if is_different}
        if keys:
            told = Change(RULES.name, line.row, "changed", str(rule.pk), titles(RULES, keys))
            self.changes.append(told)
