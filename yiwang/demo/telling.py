"""Telling a town: a year of matters that are over, and the last weeks in every state, all in one transaction."""

import gc
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from yiwang.demo.endings import live
from yiwang.demo.founding import HERE, Town, found
from yiwang.demo.plots import Plot, Plotter
from yiwang.demo.staffing import Staffing
from yiwang.demo.stories import Scene, Story
from yiwang.kernel.cases.histories import History
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.calendar import load
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.territory.rules.levels import Level

YEAR, YEAR_DAYS = 7_740, 365
LIVING, LIVING_DAYS = 300, 45
BATCH = 500
NEWS = timedelta(hours=2)
"""Who opens the demo town has read what is older."""

Progress = Callable[[int], None]


def make_town(
    seed: int, now: datetime, *, year: int = YEAR, living: int = LIVING, progress: Progress
) -> None:
    """Found the town and tell it, or leave the database as it was.

    Whatever cuts it off, there is a whole town or none: everything is one transaction.
    """
    with speaking_as(SYSTEM):
        town = found(seed, now)
        tell(town, seed, now, year=year, living=living, progress=progress)


def tell(
    town: Town, seed: int, now: datetime, *, year: int, living: int, progress: Progress
) -> None:
    """Tell the matters of a town within the open transaction, oldest first: so run their numbers."""
    words = tomllib.loads((HERE / "matters.toml").read_text(encoding="utf-8"))
    plotter = Plotter(seed, now, words["matter"], town.plan.level(Level.GRID), load())
    plots = sorted([*plotter.year(year, YEAR_DAYS), *plotter.living(living, LIVING_DAYS)])
    since = (now - timedelta(days=YEAR_DAYS + 1)).date()
    scene = Scene(town, Staffing(town, since, now), words, seed, now)
    history = History()
    for first in range(0, len(plots), BATCH):
        with _few_looks_for_garbage():
            for place, plot in enumerate(plots[first : first + BATCH], start=first + 1):
                tell_one(history, scene, plot)
                progress(place)
            history.write(notices_since=now - NEWS)


@contextmanager
def _few_looks_for_garbage() -> Iterator[None]:
    """What is told lives until it is written: looking through it in between took a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def tell_one(history: History, scene: Scene, plot: Plot) -> None:
    """Live one matter through; what would lie in the future has not happened yet."""
    with history.telling():
        live(Story(scene, plot))
