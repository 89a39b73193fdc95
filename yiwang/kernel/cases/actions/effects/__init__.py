"""What each move does beyond its row in the table. One function a move; none decides who may."""

from collections.abc import Callable

from yiwang.kernel.cases.actions.effects import (
    climbing,
    desk,
    handling,
    joining,
    requests,
    verifying,
)
from yiwang.kernel.cases.actions.turn import Turn

EFFECTS: dict[str, Callable[[Turn], None]] = {
    "accept": desk.accept,
    "refuse": desk.refuse,
    "classify": desk.classify,
    "relocate": desk.relocate,
    "dispatch": desk.dispatch,
    "recall": desk.recall,
    "add_assist": desk.add_assist,
    "waive_assist": desk.waive_assist,
    "sign": handling.sign,
    "return": handling.give_back,
    "pass_on": handling.pass_on,
    "report_back": handling.report_back,
    "solve_on_spot": handling.solve_on_spot,
    "ask_extension": requests.ask_extension,
    "approve_extension": requests.approve_extension,
    "reject_extension": requests.reject,
    "ask_suspension": requests.ask_suspension,
    "approve_suspension": requests.approve_suspension,
    "reject_suspension": requests.reject,
    "resume": requests.resume,
    "pass_check": verifying.pass_check,
    "fail_check": verifying.fail_check,
    "reopen": verifying.reopen,
    "merge": joining.merge,
    "unmerge": joining.unmerge,
    "escalate": climbing.escalate,
    "hand_down": climbing.hand_down,
    "supervise": climbing.supervise,
    "lift_supervision": climbing.lift_supervision,
    "void": climbing.void,
}
