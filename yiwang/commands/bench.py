"""`yiwang bench`: how fast, against what. The measurements stand in `benchmarks/` of a checkout."""

import importlib
import json
import os
import sys
from pathlib import Path
from types import ModuleType

import click

from yiwang.commands import installation, prepare


def _measurement(name: str) -> ModuleType:
    """Load a measurement of the checkout.

    Raises:
        ClickException: this is not a checkout.
    """
    root = str(installation.ROOT)
    if root not in sys.path:
        sys.path.insert(0, root)
    try:
        return importlib.import_module(f"benchmarks.{name}")
    except ModuleNotFoundError as error:
        if error.name not in ("benchmarks", f"benchmarks.{name}"):
            raise
        raise click.ClickException(
            "benchmarks/ is part of a checkout, not of an installation"
        ) from error


@click.group()
def bench() -> None:
    """Measure, each time against a reference taken in the same run."""


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seconds", default=20, show_default=True, help="Length of each round.")
@click.option("--rounds", default=5, show_default=True, help="Rounds; the median counts.")
@click.option("--cases", default=0, help="In the made-up town of so many cases (see `desk`).")
def intake(as_json: bool, seconds: int, rounds: int, cases: int) -> None:
    """Reports a second over HTTP, against pgbench on the same server, in turn."""
    work = _measurement("intake")
    town = _own_town(f"bench/{cases}-cases" if cases else "bench")
    _show(work.measure(town, seconds, rounds), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def locate(as_json: bool) -> None:
    """Points a second located in their grid, against the plain vectorised way."""
    _show(_measurement("locate").run(), as_json)


@bench.command("import")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--rows", default=50_000, show_default=True, help="Rows of each file.")
@click.option("--rounds", default=3, show_default=True, help="Rounds; the median counts.")
def importing(as_json: bool, rows: int, rounds: int) -> None:
    """Rows of another system's history a second, against a bare COPY."""
    work = _measurement("importing")
    _own_town()
    _show(work.measure(rows, rounds), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--cases", default=1_000_000, show_default=True, help="Cases of the made-up town.")
@click.option("--rounds", default=60, show_default=True, help="Times each filter is asked.")
@click.option("--every", is_flag=True, help="Tell of every filter, not of the slowest alone.")
@click.option("--alone", is_flag=True, hidden=True)
@click.option("--in-turn", is_flag=True, hidden=True)
def desk(as_json: bool, cases: int, rounds: int, every: bool, alone: bool, in_turn: bool) -> None:
    """The desk's list of 50 with so many cases, for the slowest filter, against 10,000 cases."""
    work = _measurement("desk")
    if alone:
        _own_town(f"bench/{cases}-cases")
        _show(work.alone(cases, rounds, in_turn), as_json)
    else:
        _show(work.compare(cases, every, rounds), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--cases", default=1_000_000, show_default=True, help="Cases of the made-up town.")
def case(as_json: bool, cases: int) -> None:
    """The page of a case with so many cases beside it."""
    work = _measurement("case")
    _own_town(f"bench/{cases}-cases")
    _show(work.measure(cases), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--desks", default=200, show_default=True, help="Desks that look on.")
@click.option("--seconds", default=15, show_default=True, help="Length of each round.")
@click.option("--rounds", default=3, show_default=True, help="Pairs of rounds; the median counts.")
def live(as_json: bool, desks: int, seconds: int, rounds: int) -> None:
    """What open desks cost intake, and how soon they know of a report."""
    work = _measurement("live")
    town = _own_town("bench/live")
    _show(work.measure(town, desks, seconds, rounds), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--minutes", default=10.0, show_default=True, help="Length of the storm.")
@click.option("--per-second", default=50, show_default=True, help="Reports a second.")
@click.option("--warm-up", default=60, show_default=True, help="Seconds of it before that.")
def soak(as_json: bool, minutes: float, per_second: int, warm_up: int) -> None:
    """A storm of reports, pages and worker at work: is all of it taken in, and is memory flat."""
    work = _measurement("soak")
    town = _own_town("bench/soak")
    _show(work.measure(town, minutes, per_second, warm_up), as_json)


def _own_town(part: str = "bench") -> dict[str, str]:
    """Return the variables of a demo town without cases, in a database folder of the benchmarks, never the office's."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    folder = Path(os.environ.get("YIWANG_HOME", "./var")).resolve() / part
    os.environ["YIWANG_HOME"] = str(folder)
    prepare()
    from django.utils import timezone

    from yiwang.demo import SEED
    from yiwang.demo.founding import found
    from yiwang.kernel.foundation.actors import SYSTEM
    from yiwang.kernel.foundation.viewer import speaking_as
    from yiwang.kernel.territory.models import Division

    if not Division.objects.exists():
        with speaking_as(SYSTEM):
            found(SEED, timezone.localtime(timezone.now()))
    return dict(os.environ)


def _show(figures: dict[str, object], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name:>24}  {value}")
