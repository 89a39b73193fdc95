"""Which moves can be taken back by who made them, for how long, and what taking back means."""

from datetime import datetime, timedelta

from yiwang.kernel.foundation.sentences import N_, Sentence

WINDOW = timedelta(seconds=10)
"""How long the bar is shown."""

GRACE = timedelta(seconds=2)
"""A click in the last moment is on its way a little longer; notices wait for as long as both."""

UNDOABLE: dict[str, str] = {
    "accept": N_("回到待受理，受理时限照旧"),
    "refuse": N_("回到待受理，没有给出的答复收回"),
    "dispatch": N_("回到待派遣，单位的任务撤去，派遣时限照旧"),
    "return": N_("任务回到本单位，处置时限照旧"),
    "merge": N_("诉求回到原来的案卷，时限照旧"),
}
"""The moves of one click or one phrase, and what stands again after the undo. All else has an opposite of its own."""

NOTHING = N_("没有可以撤销的一步")
TOO_LATE = N_("超过 10 秒，不能撤销了")
WENT_ON = N_("之后又有人办理过，不能撤销了")
TOLD = N_("通知已经发出，不能撤销了")


def why_not(made_at: datetime, at: datetime, *, went_on: bool) -> Sentence | None:
    """Return why a move can no longer be taken back, or None."""
    if went_on:
        return Sentence(WENT_ON)
    if at > made_at + WINDOW + GRACE or at < made_at - GRACE:
        return Sentence(TOO_LATE)
    return None
