"""How far a matter gets, as a way through the moves; the names are those of `plots`."""

from collections.abc import Callable
from datetime import timedelta

from yiwang.demo.asking import ask, let_all_be, say
from yiwang.demo.stories import Story, TimeIsUp
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.rules.stages import Channel, Rating, Stage

CONTENT_AT_LAST = 0.35
"""Of those who were dissatisfied and had it done again, so many are content then."""


INSPECTED = (
    "reported",
    "accepted",
    "dispatched",
    "handling",
    "waits_for_check",
    "rated",
    "closed",
    "refused",
)


def live(story: Story) -> None:
    """Report, then walk towards the ending until time is up; the desk keeps up with what lies there."""
    story.report()
    try:
        ENDINGS[_ending(story)](story)
        if story.plot.lives and not story.plot.left_lying:
            _keep_up(story)
    except TimeIsUp:
        pass
    story.climb(story.scene.now)


def _ending(story: Story) -> str:
    """A matter about staff goes the inspector's way, which has no leader and nobody else beside it."""
    ending = story.plot.ending
    return "rated" if story.category.inspectors_only and ending not in INSPECTED else ending


def _keep_up(story: Story) -> None:
    """Go on with what would be late at the desk by now."""
    case = story.case
    due, now = case.clock_due_at, story.scene.now
    while due is not None and due <= now and case.stage in (Stage.REPORTED, Stage.ACCEPTED):
        if case.stage == Stage.REPORTED:
            story.accept()
        else:
            story.dispatch(elsewhere=case.return_count > 0)
        case = story.case
        due = case.clock_due_at


def accepted(story: Story) -> None:
    story.accept()


def dispatched(story: Story) -> None:
    story.accept()
    story.dispatch()


def handling(story: Story) -> None:
    dispatched(story)
    story.sign()


def waits_for_check(story: Story) -> None:
    handling(story)
    story.report_back()


def _end(story: Story, *, rated: bool = True) -> None:
    """Check, answer, and mostly a rating; of what is over, nobody is left to be called."""
    story.check()
    story.answer()
    if rated:
        ask(story)
        if story.case.stage == Stage.ACCEPTED:
            _do_again(story)
    elif not story.plot.lives:
        let_all_be(story)


def rated(story: Story) -> None:
    waits_for_check(story)
    _end(story)


def closed(story: Story) -> None:
    waits_for_check(story)
    _end(story, rated=False)


def on_spot_waits(story: Story) -> None:
    story.solve_on_spot()


def on_spot(story: Story) -> None:
    story.solve_on_spot()
    _end(story, rated=story.chance.random() < 0.5)


def refused(story: Story) -> None:
    story.wait(minutes=20)
    story.move("refuse", story.desk, reason=story.say("refusals"))


def returned(story: Story) -> None:
    dispatched(story)
    story.return_it()


def redispatched(story: Story) -> None:
    returned(story)
    story.dispatch(elsewhere=True)
    story.sign()
    story.report_back()
    _end(story)


def reworked(story: Story) -> None:
    waits_for_check(story)
    story.fail_check()


def reworked_then(story: Story) -> None:
    reworked(story)
    story.report_back()
    _end(story)


def reopened(story: Story) -> None:
    waits_for_check(story)
    story.check()
    story.answer()
    story.wait(hours=12)
    say(story, story.voices[0], Rating.DISSATISFIED)


def redone(story: Story) -> None:
    reopened(story)
    _do_again(story)


def _do_again(story: Story) -> None:
    """Dissatisfied, done once more; not everybody is content then."""
    story.dispatch()
    story.sign()
    story.report_back()
    story.check()
    story.wait(hours=12)
    if story.chance.random() < CONTENT_AT_LAST:
        say(story, story.voices[0], Rating.SATISFIED)
    let_all_be(story)


def extension_asked(story: Story) -> None:
    handling(story)
    story.ask_extension()


def extended(story: Story) -> None:
    extension_asked(story)
    story.extend()


def extended_then(story: Story) -> None:
    extended(story)
    story.report_back()
    _end(story)


def suspended(story: Story) -> None:
    handling(story)
    story.suspend(days=40)


def suspended_then(story: Story) -> None:
    """The pause ends by itself on its day, and the work goes on."""
    handling(story)
    days = story.chance.randint(5, 40)
    story.suspend(days)
    story.until(story.clock + timedelta(days=days))
    cases.end_suspensions(at=story.clock)
    story.wait(hours=4)
    handler = story.handler
    photos = list(story.photos(handler, mended=True))
    result = story.chance.choice(story.plot.matter["results"])
    story.move("report_back", handler, note=result, photo_ids=photos)
    _end(story)


def assisted(story: Story) -> None:
    handling(story)
    story.ask_assistance()


def assisted_then(story: Story) -> None:
    handling(story)
    unit = story.ask_assistance()
    helper = story.staff.handler(unit, story.chance)
    task = next(task.pk for task in story.case.tasks.all() if task.unit_id == unit)
    story.wait(minutes=20)
    story.move("sign", helper, task_id=task)
    story.wait(minutes=50)
    story.move("report_back", helper, task_id=task, note="已到场协助。")
    story.report_back()
    _end(story)


def escalated(story: Story) -> None:
    story.accept()
    story.wait(minutes=20)
    story.move("escalate", story.desk, reason=story.say("escalations"))
    story.dispatch()
    story.sign()
    story.report_back()
    _end(story)


def merged(story: Story) -> None:
    """The same matter comes in twice; the desk sees it."""
    first, number = story.case_id, story.case.number
    story.clock += timedelta(minutes=story.chance.randint(2, 15))
    words = str(story.chance.choice(story.plot.matter["words"])).format(place=story.place)
    inspected = story.category.inspectors_only
    story.take(words, Channel.WEB if inspected else Channel.PHONE)
    story.also.append(first)
    story.wait(minutes=10)
    story.move("merge", story.desk, target=number)
    story.case_id, story.also = first, [story.case_id]
    waits_for_check(story)
    _end(story)


ENDINGS: dict[str, Callable[[Story], None]] = {
    "reported": lambda story: None,
    **{
        way.__name__: way
        for way in (
            accepted, dispatched, handling, waits_for_check, rated, closed, on_spot_waits, on_spot,
            refused, returned, redispatched, reworked, reworked_then, reopened, redone,
            extension_asked, extended, extended_then, suspended, suspended_then, assisted,
            assisted_then, escalated, merged,
        )
    },
}  # fmt: skip
