"""What a start is told while it is busy is not forgotten; the starts themselves are in `tests/house/start`."""

import contextlib
import signal

import pytest

from yiwang.commands import run


def test_ctrl_c_that_a_module_swallows_ends_the_start_at_its_next_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run._AskedToEnd, "ever", False)
    run._end_if_asked()
    with contextlib.suppress(BaseException):  # as modules do while they are imported
        run._interrupt(signal.SIGINT, None)
    with pytest.raises(run._AskedToEnd):
        run._end_if_asked()
