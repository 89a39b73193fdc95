"""What the worker does by the clock. Rooms keep their tasks in `tasks.py`; when each runs stands here.

Every task may run twice or late: a run that was missed while the worker was down is made good by the next one.
"""

from dataclasses import dataclass

from procrastinate import App


@dataclass(frozen=True)
class Regular:
    """One line of the schedule. `cron` is read in UTC: 16:05 is five past midnight in Asia/Shanghai."""

    task: str
    cron: str


SCHEDULE = (
    Regular("cases.sweep", "* * * * *"),
    Regular("cases.end_drafts", "10 18 * * *"),
    Regular("indicators.keep_rollups", "* * * * *"),
    Regular("notices.rescue", "* * * * *"),
    Regular("notices.send_due", "* * * * *"),
    Regular("notices.tidy", "40 18 * * *"),
    Regular("signin.sweep", "20 * * * *"),
    Regular("foundation.seal", "5 * * * *"),
    Regular("foundation.prepare_forgotten", "* * * * *"),
    Regular("foundation.retain", "20 18 * * *"),
    Regular("foundation.sweep_files", "30 18 * * *"),
    Regular("foundation.tidy_exports", "50 * * * *"),
)


def wire(app: App) -> None:
    """Put the schedule on the queue; Django calls it once the apps are ready (PROCRASTINATE_ON_APP_READY).

    Raises:
        KeyError: a line names a task that no room has.
    """
    for line in SCHEDULE:
        app.periodic_registry.register_task(
            task=app.tasks[line.task], cron=line.cron, periodic_id="", configure_kwargs={}
        )
