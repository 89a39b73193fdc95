"""What `yiwang check` asks. A question is a function that answers with one sentence, or raises Wrong or Doubt."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError


class Wrong(Exception):
    """Not fit for an office: `says` what is wrong, `mend` what to do."""

    def __init__(self, says: str, mend: str) -> None:
        super().__init__(says)
        self.says = says
        self.mend = mend


class Doubt(Wrong):
    """Worth knowing, and no reason to refuse."""


@dataclass(frozen=True)
class Question:
    """One line of the answer."""

    name: str
    ask: Callable[[], str]


@dataclass(frozen=True)
class Answer:
    """`state` is ok, doubt or wrong."""

    name: str
    state: str
    says: str
    mend: str = ""


def answered(question: Question) -> Answer:
    try:
        return Answer(question.name, "ok", question.ask())
    except Doubt as doubt:
        return Answer(question.name, "doubt", doubt.says, doubt.mend)
    except Wrong as wrong:
        return Answer(question.name, "wrong", wrong.says, wrong.mend)
    except DatabaseError as error:  # a table that is not there yet
        says = f"cannot be asked: {str(error).strip().splitlines()[0]}"
        return Answer(question.name, "wrong", says, "mend the lines above first")
