"""What a case is found by, beside the case: a move of a case does not write its words anew."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models.case import Case
from yiwang.kernel.foundation.shelf import Kept


class Lookup(Kept):
    """The words of a case and the marks of its facts, in one index: any two of them together are found at once.

    `words` are what was said and where (rules.words.words_of); the program writes them with the case. `marks` are its
    area, kind, unit, channel, people and months (rules.words.marks_of); a trigger keeps them true.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="lookup")
    words = SearchVectorField()
    marks = SearchVectorField()

    class Meta:
        verbose_name = _("检索")
        indexes = [
            # What is new waits in a short list, which a search reads too, so that intake need not sort it in.
            GinIndex(
                fields=["words", "marks"],
                name="lookup_by_words_and_marks",
                gin_pending_list_limit=512,
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
