"""Which categories a few words may mean, by the keywords of the catalogue. Pure.

Nothing is learned here: a keyword found in the text counts for its category, the more the longer it
is and the fewer categories share it. So every suggestion can name the words it came from.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LONGEST_KEYWORD = 12
LONGEST_TEXT = 2_000
_LATIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Vocabulary:
    """The words of one category; the words of its name count like keywords."""

    category_id: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Guess:
    """A category the text may mean, how strongly, and the words that say so."""

    category_id: int
    score: float
    words: tuple[str, ...]


class Suggester:
    """An index from keyword to categories: one look-up per stretch of the text."""

    def __init__(self, vocabularies: Iterable[Vocabulary]) -> None:
        self._index: Mapping[str, Sequence[int]] = _index(vocabularies)

    def guess(self, text: str, count: int) -> list[Guess]:
        """Return at most `count` guesses, the strongest first; none when no keyword is found."""
        found: dict[int, list[str]] = defaultdict(list)
        for word in _longest_only(self._words_in(text)):
            for category_id in self._index[word]:
                found[category_id].append(word)
        guesses = [self._weigh(category_id, words) for category_id, words in found.items()]
        return sorted(guesses, key=lambda guess: (-guess.score, guess.category_id))[:count]

    def _words_in(self, text: str) -> set[str]:
        text = text[:LONGEST_TEXT].lower()
        latin = set(_LATIN.findall(text))
        stretches = {
            text[start : start + length]
            for start in range(len(text))
            for length in range(1, LONGEST_KEYWORD + 1)
            if not text[start].isascii()
        }
        return {word for word in latin | stretches if word in self._index}

    def _weigh(self, category_id: int, words: Sequence[str]) -> Guess:
        score = sum(len(word) ** 1.5 / len(self._index[word]) for word in words)
        return Guess(category_id, score, tuple(words))


def _index(vocabularies: Iterable[Vocabulary]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for vocabulary in vocabularies:
        for word in {word.lower() for word in vocabulary.words}:
            index[word].append(vocabulary.category_id)
    return dict(index)


def _longest_only(words: set[str]) -> list[str]:
    """Drop a word that is part of a longer one found: 井盖 beside 污水井盖 says nothing new."""
    return sorted(
        word for word in words if not any(word != other and word in other for other in words)
    )
