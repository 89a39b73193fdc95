"""The sheet 类别 laid over the stored categories."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from yiwang.kernel.catalogue.excel.layout import CATEGORIES, RULES, CellValue
from yiwang.kernel.catalogue.excel.proposal.changes import Change, differences, titles, unique
from yiwang.kernel.catalogue.excel.reading import Line, Problem
from yiwang.kernel.catalogue.excel.stored import category_values
from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.catalogue.rules.routing import Router
from yiwang.kernel.catalogue.rules.tree import circle, path_of
from yiwang.kernel.foundation.sentences import N_, Sentence


class CategoryProposal:
    """Categories by code, as they would be. New ones have no key and no path until they are stored."""

    def __init__(self, stored: Sequence[Category], at: datetime) -> None:
        self.all = {category.code: category for category in stored}
        self.new: list[Category] = []
        self.changed: list[Category] = []
        self.changes: list[Change] = []
        self.problems: list[Problem] = []
        self._at = at
        self._parents = {c.code: c.parent.code if c.parent else "" for c in stored}
        self._lines: dict[str, Line] = {}

    def take(self, lines: Sequence[Line]) -> None:
        """Lay the lines over what is stored."""
        for _key, line in unique(lines, self.problems):
            self._take_line(line)
        self._check_parents()
        for code in self._lines:
            self.all[code].parent = self.all.get(self._parents[code])

    def _take_line(self, line: Line) -> None:
        code = str(line.values["code"])
        self._lines[code] = line
        category = self.all.get(code)
        if category is None:
            self._add(line, code)
            return
        different = differences(line.values, category_values(category))
        if different:
            told = Change(CATEGORIES.name, line.row, "changed", code, titles(CATEGORIES, different))
            self.changes.append(told)
            self.changed.append(category)
            category.version += 1
            category.edited = category.edited or bool(set(different) - {"state"})
            self._set(category, different)
        self._check(category, line)

    def _add(self, line: Line, code: str) -> None:
        category = self.all[code] = Category(code=code, edited=True, sort_order=len(self.all) + 1)
        self._parents[code] = ""
        self.new.append(category)
        self.changes.append(Change(CATEGORIES.name, line.row, "added", code))
        self._set(category, line.values)
        self._check(category, line)

    def _set(self, category: Category, values: Mapping[str, CellValue]) -> None:
        for key, value in values.items():
            if key == "parent":
                self._parents[category.code] = str(value)
            elif key == "state":
                category.published = value == "published"
                category.retired_at = self._at if value == "retired" else None
            elif key != "code":
                setattr(category, key, str(value) if isinstance(value, str) else value)

    def _check(self, category: Category, line: Line) -> None:
        if category.public and category.inspectors_only:
            told = Sentence(N_("只有纪检人员可见的类别不能公开：这一列请填“否”"))
            self.problems.append(line.problem("public", told))

    def _check_parents(self) -> None:
        for code, line in self._lines.items():
            parent = self._parents[code]
            if parent and parent not in self.all:
                told = Sentence(
                    N_("没有代码为 %(code)s 的类别：请先在本表加上它"), {"code": parent}
                )
                self.problems.append(line.problem("parent", told))
        for code in circle(self._parents):
            if code in self._lines:
                told = Sentence(N_("上级绕成了圈：一个类别不能在自己的下级之下"))
                self.problems.append(self._lines[code].problem("parent", told))

    def place(self) -> list[Category]:
        """Set path and module of everything from its parent; returns those that differ. All have keys."""
        moved = []
        settled: dict[str, tuple[str, str]] = {}
        for category in self.all.values():
            path, module = self._place(category, settled)
            if (category.path, category.module) != (path, module):
                category.path, category.module = path, module
                moved.append(category)
        return moved

    def _place(self, category: Category, settled: dict[str, tuple[str, str]]) -> tuple[str, str]:
        if category.code not in settled:
            parent = self.all.get(self._parents[category.code])
            if parent is None:
                module = category.module or category.code
                settled[category.code] = path_of("", category.pk), module
            else:
                above, module = self._place(parent, settled)
                settled[category.code] = path_of(above, category.pk), module
        return settled[category.code]

    def check_published(self, router: Router) -> list[Problem]:
        """Name every published category that no rule serves, or that lies beneath a retired one."""
        retired = [c.path for c in self.all.values() if c.retired_at is not None]
        found = []
        for category in self.all.values():
            if not category.published:
                continue
            if not router.serves(category.path):
                found.append(
                    self._problem(
                        category,
                        N_("%(name)s 没有责任单位：请在“派遣规则”里为它加一条，或改为草稿"),
                    )
                )
            elif category.path.startswith(tuple(retired)):
                found.append(
                    self._problem(category, N_("%(name)s 的上级已停用：请把它也停用，或恢复上级"))
                )
        return found

    def _problem(self, category: Category, msgid: str) -> Problem:
        told = Sentence(msgid, {"name": category.name})
        line = self._lines.get(category.code)
        if line is None:
            return Problem(RULES.name, 1, RULES.column("unit").title, told)
        return line.problem("state", told)
