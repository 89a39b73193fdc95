"""Which categories a few words may mean, by the keywords of the catalogue. Pure.

Nothing is learned here: a keyword found in the text counts for its category, the more the longer it
is and the fewer categories share it. A keyword of four signs counts half where its two halves stand
apart (施工扰民 in 施工严重扰民). So every suggestion can name the words it came from.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LONGEST_KEYWORD = 20
LONGEST_TEXT = 2_000
IN_HALVES = 4  # signs of a keyword that may stand torn apart
TORN_APART = 10  # signs within which its second half must end
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
        self._lengths = sorted({len(word) for word in self._index if len(word) <= LONGEST_KEYWORD})
        self._halves: dict[str, list[str]] = defaultdict(list)
        for word in self._index:
            if len(word) == IN_HALVES and not word.isascii():
                self._halves[word[:2]].append(word)

    def guess(self, text: str, count: int) -> list[Guess]:
        """Return at most `count` guesses, the strongest first; none when no keyword is found."""
        text = text[:LONGEST_TEXT].lower()
        whole = self._words_in(text)
        weights = dict.fromkeys(whole, 1.0)
        weights |= dict.fromkeys(self._torn_words_in(text) - whole, 0.5)
        found: dict[int, list[str]] = defaultdict(list)
        for word in _longest_only(weights):
            for category_id in self._index[word]:
                found[category_id].append(word)
        guesses = [self._weigh(category_id, words, weights) for category_id, words in found.items()]
        return sorted(guesses, key=lambda guess: (-guess.score, guess.category_id))[:count]

    def _words_in(self, text: str) -> set[str]:
        latin = set(_LATIN.findall(text))
        stretches = {
            text[start : start + length]
            for start in range(len(text))
            for length in self._lengths
            if not text[start].isascii()
        }
        return {word for word in latin | stretches if word in self._index}

    def _torn_words_in(self, text: str) -> set[str]:
        """Find keywords whose halves both stand in the text, the second somewhere after the first."""
        found = set()
        for start in range(len(text) - 1):
            for word in self._halves.get(text[start : start + 2], ()):
                if text.find(word[2:], start + 2, start + 2 + TORN_APART) >= 0:
                    found.add(word)
        return found

    def _weigh(self, category_id: int, words: Sequence[str], weights: Mapping[str, float]) -> Guess:
        score = sum(weights[word] * len(word) ** 1.5 / len(self._index[word]) for word in words)
        return Guess(category_id, score, tuple(words))


def _index(vocabularies: Iterable[Vocabulary]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for vocabulary in vocabularies:
        for word in {word.lower() for word in vocabulary.words}:
            index[word].append(vocabulary.category_id)
    return dict(index)


def _longest_only(words: Iterable[str]) -> list[str]:
    """Drop a word that is part of a longer one found: 井盖 beside 污水井盖 says nothing new."""
    told = set(words)
    return sorted(
        word for word in told if not any(word != other and word in other for other in told)
    )
