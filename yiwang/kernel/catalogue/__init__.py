"""The catalogue: the kinds of matter there are, who handles each, and how fast.

Nouns: a *category* is a node of one tree (module → major → minor). A *condition* (立案条件) is a
circumstance under which a category is taken up; it carries the limit, the urgency, the evidence, who
verifies, and whether the matter may be shown in public. A *routing rule* sends category × level ×
area to a unit, the first that fits. A *stage limit* says how long accepting, dispatching, verifying …
may take. A *topic* brings the starter list of a module.

Promises: `book()` answers from memory (four queries after a change, none otherwise); every routing
explains itself in sentences; a published category always has a rule that serves it; whatever a
person changed is never overwritten by a starter list; the Excel file and the pages are the same thing,
and a file with one wrong cell changes nothing.

    from yiwang.kernel import catalogue
    book = catalogue.book()
    book.route(category_id, level, area_path)  # Match(rule_id, unit_id, why) or None
    book.category(id); book.by_code(code); book.condition(id); book.default_condition(category_id)
    book.children(id); book.lineage(id); book.assignable; book.serves(id)
    book.limit_for("accept"); book.suggest("井盖坏了"); book.suggestions("井盖坏了")
    catalogue.actions.…                        # every write
"""

from typing import TYPE_CHECKING

from yiwang.kernel.catalogue.registration import Topic, register, topics

if TYPE_CHECKING:
    from yiwang.kernel.catalogue.snapshot import Book

__all__ = ["Topic", "book", "register", "topics"]


def book() -> "Book":
    """Return the catalogue as it stands, from memory unless it changed."""
    # Apps import this package before the models can be loaded.
    from yiwang.kernel.catalogue.snapshot import book as current

    return current()
