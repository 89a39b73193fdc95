"""Asking each voice whether it is content: by its link, or by the desk's call, which some do not answer."""

from uuid import UUID

from yiwang.demo.stories import Story
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.reading import read_reporter
from yiwang.kernel.cases.models import Report
from yiwang.kernel.cases.rules.calling import TRIES_AT_MOST, Heard
from yiwang.kernel.cases.rules.stages import Rating
from yiwang.kernel.foundation.actors import RESIDENT

BY_LINK = 0.55
JOINS_IN = 0.6
"""Who joined in with others says less often what they think."""

REFUSES = 0.5
_CONTENT = {
    Rating.VERY_SATISFIED: 40,
    Rating.SATISFIED: 45,
    Rating.BASICALLY_SATISFIED: 12,
    Rating.DISSATISFIED: 5,
}


def ask(story: Story) -> None:
    """Everybody is asked; nearly all who say something are content, and who is not has it done once more."""
    story.wait(hours=12)
    for place, voice in enumerate(story.voices):
        if place and story.chance.random() > JOINS_IN:
            let_be(story, voice)
            continue
        rating = story.chance.choices(list(_CONTENT), list(_CONTENT.values()))[0]
        if rating is Rating.DISSATISFIED and place:
            rating = Rating.SATISFIED
        say(story, voice, rating)
        if rating is Rating.DISSATISFIED:
            return


def say(story: Story, voice: UUID, rating: Rating) -> None:
    """One voice rates: by the link, or at the telephone where it left a number."""
    kind = "complaints" if rating is Rating.DISSATISFIED else "praise"
    reason, report = story.say(kind), Report.objects.get(pk=voice)
    own_work = report.taken_by_id in story.case.fixer_ids  # whose taker could know the code
    if report.call_next_at and (own_work or story.chance.random() > BY_LINK):
        cases.call_back(voice, said=rating, reason=reason, by=story.desk, at=story.clock)
    elif not own_work:
        cases.rate(voice, rating, reason=reason, by=RESIDENT, at=story.clock)


def let_all_be(story: Story) -> None:
    """Nobody rates; the desk has called who left a number."""
    for voice in story.voices:
        let_be(story, voice)


def let_be(story: Story, voice: UUID) -> None:
    """A voice that does not rate: it says no at the telephone, or three calls are in vain."""
    if Report.objects.get(pk=voice).call_next_at is None:
        return
    if story.category.inspectors_only or story.chance.random() < REFUSES:
        cases.call_back(voice, said=Heard.REFUSED, by=story.desk, at=story.clock)
        return
    for _try in range(TRIES_AT_MOST):
        due = Report.objects.get(pk=voice).call_next_at
        if due is None:
            return
        story.until(max(due, story.clock), working=True)
        story.wait(minutes=20)
        desk = story.desk
        read_reporter(voice, reason="回访", by=desk, at=story.clock, way="call_back")
        cases.call_back(voice, said=Heard.NOBODY, by=desk, at=story.clock)
