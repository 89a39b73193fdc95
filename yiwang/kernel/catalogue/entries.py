"""The catalogue as it is held in memory: frozen, shared by every request of the process."""

from dataclasses import dataclass

from django.utils.translation import get_language

from yiwang.kernel.catalogue.rules.words import Kind, Urgency, Verifier
from yiwang.kernel.foundation.calendar.rules import Limit


def in_language(chinese: str, english: str) -> str:
    """Return the English name to an English reader when there is one, else the Chinese one."""
    return english if english and (get_language() or "").startswith("en") else chinese


@dataclass(frozen=True)
class ConditionEntry:
    """One circumstance under which a category is taken up (立案条件), with all that follows from it."""

    id: int
    category_id: int
    code: str
    name: str
    name_en: str
    limit: Limit
    urgency: Urgency
    needs_photo_before: bool
    needs_photo_after: bool
    verify_by: Verifier
    public: bool
    is_default: bool
    active: bool

    @property
    def title(self) -> str:
        """The wording in the reader's language."""
        return in_language(self.name, self.name_en)

    @property
    def is_urgent(self) -> bool:
        return self.urgency is Urgency.URGENT


@dataclass(frozen=True)
class CategoryEntry:
    """One kind of matter. `path` is "/3/17/": the ids from the module down to this one."""

    id: int
    parent_id: int | None
    path: str
    module: str
    topic: str
    code: str
    name: str
    name_en: str
    kind: Kind
    published: bool
    public: bool
    emergency: bool
    inspectors_only: bool
    keywords: tuple[str, ...]
    conditions: tuple[ConditionEntry, ...]

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name, self.name_en)

    @property
    def default_condition(self) -> ConditionEntry | None:
        """The condition taken when nobody has chosen one; None for a heading without conditions."""
        active = [condition for condition in self.conditions if condition.active]
        chosen = [condition for condition in active if condition.is_default]
        return next(iter(chosen or active), None)
