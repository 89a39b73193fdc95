"""What this reader can do now: each offered move with its form, its letter, or the reason why not."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.cases.rules.moves import BY_NAME, Move, Need
from yiwang.kernel.organisation.duties import people_in
from yiwang.kernel.organisation.models import Unit
from yiwang.web.desk.case.forms import BESIDE, Choices, MoveForm
from yiwang.web.desk.case.sight import Sight

FORWARD = (
    "accept", "dispatch", "sign", "report_back", "pass_check",
    "approve_extension", "approve_suspension",
)  # fmt: skip
"""Moves that bring a case on its way; the first one offered is the main button."""

BESIDE_MAIN = ("fail_check", "refuse", "return", "merge", "ask_extension", "supervise")
"""What a person most often does instead of the main move."""

GRAVE = ("refuse", "fail_check", "return", "void", "reject_extension", "reject_suspension")


@dataclass
class Deed:
    """A move as a button: at once, or with a form that opens beneath it; or the sentence why not."""

    move: Move
    label: str
    address: str
    tone: str
    why_not: str = ""
    form: MoveForm | None = None
    open: bool = False
    first: bool = False

    @property
    def key(self) -> str:
        """The letter of the table, as it stands on the button."""
        return self.move.key.upper()

    @property
    def uploads(self) -> bool:
        return self.form is not None and "photos" in self.form.fields


def deeds_of(
    sight: Sight, opened: str = "", form: MoveForm | None = None, near: str = ""
) -> list[Deed]:
    """Every offered move. `form` replaces the fresh one of the move it is for (what was typed is kept)."""
    choices = choices_for(sight)
    allowed = [offer.move.name for offer in sight.offers if offer.allowed]
    main = next((name for name in FORWARD if name in allowed), "")
    shown = in_hand(allowed, main)
    return [
        Deed(
            move=offer.move,
            label=_(offer.move.label),
            address=reverse("cases:move", args=[sight.case.pk, offer.move.name]),
            tone=_tone(offer.move.name, main),
            why_not=str(offer.refusal) if offer.refusal else "",
            form=_form(offer.move, sight, choices, form, near) if offer.allowed else None,
            open=offer.move.name == opened,
            first=offer.move.name in shown,
        )
        for offer in sight.offers
    ]


def in_hand(allowed: list[str], main: str) -> list[str]:
    """The main move and one more: what a phone shows without asking for more."""
    others = [name for name in allowed if name != main]
    beside = next((name for name in BESIDE_MAIN if name in others), next(iter(others), ""))
    return [name for name in (main, beside) if name]


def _tone(name: str, main: str) -> str:
    if name == main:
        return "primary"
    return "danger" if name in GRAVE else ""


def _form(
    move: Move, sight: Sight, choices: Choices, kept: MoveForm | None, near: str
) -> MoveForm | None:
    if kept is not None and kept.move is move:
        return kept
    if not move.needs and move.name not in BESIDE:
        return None
    return MoveForm(move, choices, initial=_initial(move, sight, near))


def _initial(move: Move, sight: Sight, near: str) -> dict[str, object]:
    case = sight.case
    known: dict[str, object] = {"version": case.version}
    if Need.UNIT in move.needs and move.name == "dispatch":
        known["unit_id"] = case.suggested_unit_id
    if Need.CATEGORY in move.needs and case.category_id:
        known["filing"] = f"{case.category_id}:{case.condition_id}"
    if Need.PLACE in move.needs:
        known |= {"lon": case.lon, "lat": case.lat, "address": case.address}
    if Need.CASE in move.needs:
        known["target"] = near
    return known


def choices_for(sight: Sight) -> Choices:
    """Units and colleagues for the forms; asks the database only where an offered move needs them."""
    needs = {need for offer in sight.offers if offer.allowed for need in offer.move.needs}
    return Choices(
        units=_units(sight) if Need.UNIT in needs else (),
        handlers=_colleagues(sight) if Need.HANDLER in needs else (),
    )


def _units(sight: Sight) -> list[tuple[int, str]]:
    """Active units by name, the suggested one first and marked."""
    first = sight.case.suggested_unit_id
    rows = list(Unit.objects.active().order_by("name").values_list("pk", "name"))
    rows.sort(key=lambda row: row[0] != first)
    return [
        (pk, _("%(unit)s（建议）") % {"unit": name} if pk == first else name) for pk, name in rows
    ]


def _colleagues(sight: Sight) -> list[tuple[int, str]]:
    """Other people of the units that work on the case and that the reader works for."""
    from yiwang.kernel.organisation.duties import units_of

    mine = set(units_of(sight.user, sight.at))
    found: dict[int, str] = {}
    for task in sight.tasks:
        if task.is_open and task.unit_id in mine:
            for posting in people_in(task.unit_id, sight.at):
                found[posting.user_id] = posting.user.display_name
    return sorted(found.items(), key=lambda person: person[1])


def move_named(name: str) -> Move | None:
    return BY_NAME.get(name)
