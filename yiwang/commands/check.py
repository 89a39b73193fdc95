"""`yiwang check`: is this installation fit for an office? One line for each question, with the mend of what is wrong."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from yiwang.commands import installation, prepare
from yiwang.commands.questions import Answer, Question, answered
from yiwang.config import environment
from yiwang.outside.postgres import DatabaseTrouble, external

MARKS = {"ok": "ok ", "doubt": "?  ", "wrong": "NO "}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(as_json: bool) -> None:
    """Ask whether this installation is fit for an office. Exit code 1 when an answer is no."""
    answers = _answers()
    fit = all(answer.state != "wrong" for answer in answers)
    if as_json:
        report: dict[str, Any] = {"fit": fit, "answers": [asdict(answer) for answer in answers]}
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo("\n".join(map(_line, answers)))
    if not fit:
        raise SystemExit(1)


def _line(answer: Answer) -> str:
    mend = f" — {answer.mend}" if answer.mend else ""
    return f"{MARKS[answer.state]} {answer.name}: {answer.says}{mend}"


def _answers() -> list[Answer]:
    from yiwang.commands.questions import settings

    answers = []
    try:
        with installation.opened() as here:
            os.environ.update(here.variables)
            answers = _all(settings.questions(environment.read(), here.variables))
            external.connect(here.program_url, "DATABASE_URL").close()
            prepare()
            answers += _all(_of_the_running(here))
    except DatabaseTrouble as trouble:
        mend = "mend it, and ask again: everything else depends on it"
        answers.append(Answer("database", "wrong", str(trouble).rstrip("."), mend))
    return answers


def _of_the_running(here: installation.Installation) -> list[Question]:
    from yiwang.commands.questions import database, office

    return [*database.questions(here), *office.questions(here, datetime.now(UTC))]


def _all(questions: list[Question]) -> list[Answer]:
    return [answered(question) for question in questions]
