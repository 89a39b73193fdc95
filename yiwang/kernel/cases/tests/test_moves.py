"""The whole table, the forbidden half too, without a database."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.cases.rules.judge import CaseFacts, Person, RequestFacts, TaskFacts, judge
from yiwang.kernel.cases.rules.moves import BY_NAME, MOVES, Subject
from yiwang.kernel.cases.rules.stages import (
    ENDED_STAGES,
    LEVELS,
    Stage,
    TaskState,
    level_above,
    level_below,
)
from yiwang.kernel.organisation.rules import TABLE, Role

# Written by hand from SCREENS.md and the issue, not from the permission table: who makes which move.
BY_ROLE: dict[Role, set[str]] = {
    Role.GRID_WORKER: {"solve_on_spot", "pass_check", "fail_check"},
    Role.COMMUNITY_OFFICER: {
        "accept", "classify", "relocate", "escalate", "hand_down", "solve_on_spot", "pass_check",
        "fail_check", "sign", "return", "pass_on", "ask_extension", "ask_suspension", "report_back",
    },
    Role.DESK_OPERATOR: {
        "accept", "refuse", "classify", "relocate", "dispatch", "recall", "add_assist", "merge",
        "unmerge", "escalate", "hand_down", "pass_check", "fail_check", "reopen",
    },
    Role.UNIT_HANDLER: {
        "sign", "return", "pass_on", "ask_extension", "ask_suspension", "report_back",
    },
    Role.LEADER: {
        "supervise", "lift_supervision", "waive_assist", "approve_extension", "reject_extension",
        "approve_suspension", "reject_suspension", "resume", "escalate", "hand_down",
    },
    Role.INSPECTOR: set(),
    Role.ADMINISTRATOR: {"void"},
}  # fmt: skip

# Where each move starts, written by hand from the table of DESIGN.md section 3.
FROM: dict[str, set[Stage]] = {
    "accept": {Stage.REPORTED}, "refuse": {Stage.REPORTED},
    "classify": {Stage.REPORTED, Stage.ACCEPTED}, "relocate": {Stage.REPORTED, Stage.ACCEPTED},
    "dispatch": {Stage.ACCEPTED}, "recall": {Stage.DISPATCHED},
    "add_assist": {Stage.DISPATCHED, Stage.HANDLING},
    "waive_assist": {Stage.DISPATCHED, Stage.HANDLING},
    "sign": {Stage.DISPATCHED, Stage.HANDLING}, "return": {Stage.DISPATCHED, Stage.HANDLING},
    "pass_on": {Stage.DISPATCHED, Stage.HANDLING},
    "ask_extension": {Stage.HANDLING}, "approve_extension": {Stage.HANDLING},
    "reject_extension": {Stage.HANDLING}, "ask_suspension": {Stage.HANDLING},
    "approve_suspension": {Stage.HANDLING}, "reject_suspension": {Stage.HANDLING},
    "resume": {Stage.SUSPENDED}, "report_back": {Stage.HANDLING},
    "solve_on_spot": {Stage.REPORTED, Stage.ACCEPTED},
    "pass_check": {Stage.REPORTED_BACK}, "fail_check": {Stage.REPORTED_BACK},
    "reopen": {Stage.CLOSED}, "merge": {Stage.REPORTED, Stage.ACCEPTED},
    "unmerge": {Stage.MERGED},
    "escalate": {Stage.REPORTED, Stage.ACCEPTED, Stage.DISPATCHED, Stage.HANDLING},
    "hand_down": {Stage.REPORTED, Stage.ACCEPTED},
    "supervise": {
        Stage.REPORTED, Stage.ACCEPTED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED,
        Stage.REPORTED_BACK,
    },
    "lift_supervision": {
        Stage.REPORTED, Stage.ACCEPTED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED,
        Stage.REPORTED_BACK,
    },
    "void": {s for s in Stage if s not in (Stage.VOID, Stage.MERGED)},
}  # fmt: skip

UNIT, OTHER_UNIT, ME, SOMEBODY = 7, 8, 1, 2


def person(role: Role, *, units: frozenset[int] = frozenset({UNIT}), id_: int = ME) -> Person:
    return Person("staff", id_, frozenset(p.value for p in TABLE[role]), units)


def ready_for(move: str, stage: Stage) -> CaseFacts:
    """A case in `stage` on which nothing but role and stage can stand in the way of `move`."""
    state = TaskState.OFFERED if move == "sign" else TaskState.WORKING
    tasks = [TaskFacts(1, UNIT, "lead", state)]
    if move == "waive_assist":
        tasks.append(TaskFacts(2, OTHER_UNIT, "assist", TaskState.WORKING))
    kind = "suspension" if "suspension" in move else "extension"
    asked = (RequestFacts(1, kind, 1, SOMEBODY),) if move.startswith(("approve", "reject")) else ()
    return CaseFacts(
        stage=stage,
        level="community",
        tasks=tuple(tasks),
        requests=asked,
        supervised=move == "lift_supervision",
    )


def test_the_hand_written_lists_name_every_move() -> None:
    assert set(FROM) == set(BY_NAME)
    assert set().union(*BY_ROLE.values()) == set(BY_NAME)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_makes_its_moves_from_their_stages_and_no_other(role: Role) -> None:
    for move, stage in itertools.product(MOVES, Stage):
        refusal = judge(move, ready_for(move.name, stage), person(role))
        expected = move.name in BY_ROLE[role] and stage in FROM[move.name]
        assert (refusal is None) == expected, (role, move.name, stage, refusal)


def test_a_resident_makes_no_move() -> None:
    nobody = Person("resident", None)
    for move, stage in itertools.product(MOVES, Stage):
        assert judge(move, ready_for(move.name, stage), nobody) is not None


@pytest.mark.parametrize("name", [m.name for m in MOVES if m.subject == Subject.TASK])
def test_li_na_of_another_unit_cannot_touch_the_task(name: str) -> None:
    stage = next(iter(FROM[name]))
    stranger = person(Role.UNIT_HANDLER, units=frozenset({OTHER_UNIT}))
    refusal = judge(BY_NAME[name], ready_for(name, stage), stranger)
    assert refusal is not None and refusal.hidden


@pytest.mark.parametrize("name", ["pass_check", "fail_check"])
@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.COMMUNITY_OFFICER, Role.DESK_OPERATOR])
def test_who_fixed_may_not_verify(name: str, role: Role) -> None:
    case = CaseFacts(Stage.REPORTED_BACK, "grid", fixer_ids=frozenset({ME}))
    refusal = judge(BY_NAME[name], case, person(role))
    assert refusal is not None and not refusal.hidden
    assert judge(BY_NAME[name], case, person(role, id_=SOMEBODY)) is None


def test_the_lead_cannot_finish_over_an_open_assistance_but_the_assisting_unit_can() -> None:
    tasks = (
        TaskFacts(1, UNIT, "lead", TaskState.WORKING),
        TaskFacts(2, OTHER_UNIT, "assist", TaskState.WORKING),
    )
    case = CaseFacts(Stage.HANDLING, "subdistrict", tasks=tasks)
    lead = person(Role.UNIT_HANDLER)
    helper = person(Role.UNIT_HANDLER, units=frozenset({OTHER_UNIT}))
    assert judge(BY_NAME["report_back"], case, lead) is not None
    assert judge(BY_NAME["report_back"], case, helper) is None


def test_a_third_extension_is_refused() -> None:
    def case(extensions: int) -> CaseFacts:
        task = TaskFacts(1, UNIT, "lead", TaskState.WORKING, extensions=extensions)
        return CaseFacts(Stage.HANDLING, "subdistrict", tasks=(task,))

    handler = person(Role.UNIT_HANDLER)
    assert judge(BY_NAME["ask_extension"], case(1), handler) is None
    assert judge(BY_NAME["ask_extension"], case(2), handler) is not None


def test_nobody_approves_what_they_asked_for_themselves() -> None:
    case = CaseFacts(
        Stage.HANDLING,
        "subdistrict",
        tasks=(TaskFacts(1, UNIT, "lead", TaskState.WORKING),),
        requests=(RequestFacts(1, "extension", 1, ME),),
    )
    assert judge(BY_NAME["approve_extension"], case, person(Role.LEADER)) is not None
    assert judge(BY_NAME["approve_extension"], case, person(Role.LEADER, id_=SOMEBODY)) is None


def test_a_case_is_suspended_and_reopened_once() -> None:
    task = TaskFacts(1, UNIT, "lead", TaskState.WORKING)
    again = CaseFacts(Stage.HANDLING, "grid", tasks=(task,), suspended_before=True)
    assert judge(BY_NAME["ask_suspension"], again, person(Role.UNIT_HANDLER)) is not None
    closed = CaseFacts(Stage.CLOSED, "grid", reopened=1)
    assert judge(BY_NAME["reopen"], closed, person(Role.DESK_OPERATOR)) is not None


def test_levels_climb_to_the_county_and_no_further() -> None:
    assert [level_above(level) for level in LEVELS] == [*LEVELS[1:], None]
    assert [level_below(level) for level in LEVELS] == [None, *LEVELS[:-1]]
    top = CaseFacts(Stage.ACCEPTED, "county")
    assert judge(BY_NAME["escalate"], top, person(Role.DESK_OPERATOR)) is not None


@given(
    st.sampled_from(MOVES),
    st.sampled_from(ENDED_STAGES),
    st.sampled_from(list(Role)),
)
def test_what_has_ended_moves_only_by_reopening_unmerging_or_voiding(move, stage, role) -> None:  # type: ignore[no-untyped-def]
    if judge(move, ready_for(move.name, stage), person(role)) is None:
        assert move.name in {"reopen", "unmerge", "void"}
