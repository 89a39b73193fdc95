"""One heading of the tree as a table of rows that can be changed, and what a sent table asks for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.catalogue import actions, book
from yiwang.kernel.catalogue.entries import in_language
from yiwang.kernel.catalogue.models import Category, Condition
from yiwang.kernel.foundation.errors import Invalid, Missing, Refused, Stale
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.web.kit.forms import put_refusal
from yiwang.web.office.catalogue.forms import CategoryRow, ConditionRow, Row, condition_fields
from yiwang.web.office.forms import as_id

FEW = 6
FIELDS = {"limit": "limit_amount"}


@dataclass
class Line:
    """One category with its conditions. `beneath`: how many categories lie under it."""

    category: Category
    form: CategoryRow
    conditions: list[ConditionRow]
    beneath: int
    served: bool
    depth: int = 1

    @property
    def state(self) -> str:
        if self.category.published:
            return "published"
        return "retired" if self.category.retired_at else "draft"

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return in_language(self.category.name, self.category.name_en)

    @property
    def rows(self) -> list[Row]:
        return [self.form, *self.conditions]

    @property
    def touched(self) -> list[Row]:
        """Rows that ask for a change, the new default condition before the one that was."""
        asking = [row for row in self.rows if row.is_there and row.is_touched]
        return sorted(asking, key=lambda row: not row.cleaned_data.get("is_default", True))

    @property
    def is_wrong(self) -> bool:
        return any(row.is_bound and row.errors for row in self.rows)

    @property
    def limits(self) -> list[Sentence]:
        """The limits of the conditions in use, as they are stored."""
        return [
            row.condition.limit.as_sentence() for row in self.conditions if row.condition.active
        ]


@dataclass
class Table:
    """A heading (None: the modules) with the rows right beneath it."""

    heading: Category | None
    lines: list[Line]
    shown: list[str]
    status: int = 200
    said: list[str] = field(default_factory=list)

    @property
    def few(self) -> bool:
        """So few rows that all of them are shown unfolded."""
        return sum(1 + len(line.conditions) for line in self.lines) <= FEW

    @property
    def children(self) -> list[Line]:
        return [line for line in self.lines if line.category != self.heading]

    @property
    def order(self) -> list[str]:
        """The children as they stand now; a sent table says in which order it showed them."""
        return [str(line.category.pk) for line in self.children]

    def line(self, category_id: int) -> Line:
        for line in self.lines:
            if line.category.pk == category_id:
                return line
        raise Missing(_("没有这个类别"))


def table_of(heading: Category | None, data: Any = None) -> Table:
    """The rows of a heading, itself first; with what was typed where something was sent."""
    children = list(Category.objects.filter(parent=heading).in_order())
    categories = [*([heading] if heading else []), *children]
    conditions: dict[int, list[Condition]] = defaultdict(list)
    keys = [category.pk for category in categories]
    for row in Condition.objects.filter(category__in=keys).order_by("sort_order", "code"):
        conditions[row.category_id].append(row)
    known = book()
    lines = []
    for place, category in enumerate(categories, start=0 if heading else 1):
        form = CategoryRow(data, category)
        form.initial["place"] = place
        rows = [ConditionRow(data, row, category.version) for row in conditions[category.pk]]
        beneath = len(known.children(category.pk))
        served = known.serves(category.pk)
        depth = 0 if category == heading else 1
        lines.append(Line(category, form, rows, beneath, served, depth))
    return Table(heading, lines, str(data.get("order", "")).split() if data else [])


def save(table: Table, do: str, *, by: User, at: datetime) -> bool:
    """Make the catalogue what the sent table says, all of it or nothing; False with the reasons beside the rows."""
    rows = [row for line in table.lines for row in line.rows]
    good = [row.is_valid() for row in rows if row.is_there]
    if not all(good):
        table.status = 422
        table.said.append(_("有几行还不能保存，原因写在那一行。"))
        return False
    current: list[Row] = []
    try:
        with transaction.atomic():
            _write(table, do, current, by, at)
    except Refused as refused:
        _put(table, current, refused)
        return False
    return True


def _write(table: Table, do: str, current: list[Row], by: User, at: datetime) -> None:
    for line in table.lines:
        _write_line(line, current, by, at)
    current.clear()
    _reorder(table, by, at)
    if do:
        _publish_or_retire(table, do, current, by, at)


def _write_line(line: Line, current: list[Row], by: User, at: datetime) -> None:
    """Write the rows of one category; only the first can be stale, since the others follow in one transaction."""
    touched = line.touched
    for place, row in enumerate(touched):
        current[:] = [row]
        version = None if place else row.base
        if isinstance(row, CategoryRow):
            fields = row.fields_of()
            actions.edit_category(row.category.pk, by=by, at=at, version=version, **fields)
        elif isinstance(row, ConditionRow):
            more = condition_fields(row.cleaned_data)
            actions.edit_condition(row.condition.pk, by=by, at=at, version=version, **more)


def _reorder(table: Table, by: User, at: datetime) -> None:
    """Put the children in the order of the numbers typed; two alike stay as they were shown.

    Raises:
        Stale: another order was shown than the one stored now, and neither is what is asked for.
    """
    lines = {str(line.category.pk): line for line in table.children if line.form.is_there}
    shown = [lines[key] for key in table.shown if key in lines]
    wanted = [line for _place, line in sorted(_placed(shown), key=lambda pair: pair[0])]
    if wanted == shown or wanted == table.children:
        return
    if table.shown != table.order:
        raise Stale(_("这一级的顺序刚被别人改过，请看过新的顺序再改"))
    keys = [line.category.pk for line in wanted]
    actions.reorder(table.heading.pk if table.heading else None, keys, by=by, at=at)


def _placed(shown: Sequence[Line]) -> Iterator[tuple[tuple[Decimal, int], Line]]:
    """Each line with its place: the number typed, else the one it was shown with."""
    for place, line in enumerate(shown, start=1):
        typed = line.form.cleaned_data["place"]
        yield (Decimal(place) if typed is None else typed, place), line


def _publish_or_retire(table: Table, do: str, current: list[Row], by: User, at: datetime) -> None:
    """Do it to one row; what is so already was asked for twice."""
    verb, _dash, key = do.partition("-")
    if verb not in ("publish", "retire") or as_id(key) is None:
        raise Invalid(_("不认识这个操作"))
    line = table.line(int(key))
    if line.state == {"publish": "published", "retire": "retired"}[verb]:
        return
    current[:] = [line.form]
    version = None if line.touched else line.form.base
    action = actions.publish_category if verb == "publish" else actions.retire_category
    action(line.category.pk, by=by, at=at, version=version)


def _put(table: Table, current: list[Row], refused: Refused) -> None:
    """Put a refusal on the row it is about, and above the table."""
    table.status = refused.status
    table.said.append(str(refused.sentence))
    for row in current:
        put_refusal(row, refused, FIELDS)
        if isinstance(refused, Stale):
            row.show_current()
