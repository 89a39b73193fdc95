"""Background work of this room."""

from yiwang.kernel.foundation.queue import app


@app.task(name="indicators.check_record", queue="indicators")
def check_record(check_id: int) -> None:
    """Walk the whole record for somebody who asked."""
    from yiwang.kernel.indicators.actions import run_check

    run_check(check_id)
