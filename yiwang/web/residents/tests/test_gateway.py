"""The gateway is the only way from the residents' pages to the kernel, and all of it can travel."""

import ast
import io
from pathlib import Path

import pytest

from tests.town.small import Town
from yiwang.kernel.foundation.errors import Conflict, Invalid, Missing, Refused, Stale
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.web.residents import gateway
from yiwang.web.residents.gateway import messages as m
from yiwang.web.residents.gateway.messages import Refusal
from yiwang.web.residents.tests.wire import METHODS, WireGateway

HOME = Path(gateway.__file__).parents[1]
KNOWN = (
    "yiwang.kernel.foundation.errors",
    "yiwang.kernel.foundation.files.rules",
    "yiwang.kernel.foundation.numbering",
    "yiwang.kernel.foundation.sentences",
)


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_pages_reach_the_kernel_through_the_gateway_alone() -> None:
    pages = [path for path in HOME.rglob("*.py") if not {"tests", "gateway"} & set(path.parts)]
    reached = {
        (path.name, name)
        for path in pages
        for name in imports(path)
        if name.startswith("yiwang.kernel") and name not in KNOWN
    }
    assert reached == set()


def test_every_method_takes_one_message_and_returns_one() -> None:
    assert set(METHODS) == {name for name in vars(gateway.Gateway) if not name.startswith("_")}
    assert len(METHODS) == 13


def test_every_question_and_answer_survives_json(
    town: Town, tmp_path: Path, settings: object
) -> None:
    wire = WireGateway()
    code = "0123456789ABC"
    for name, *ask in [
        ("town", m.AskTown()),
        ("outline", m.AskOutline()),
        ("kept", m.AskKept()),
        ("suggest", m.AskKinds(text="污水井盖 𠮷")),
        ("nearby", m.AskNearby(lon=115.465, lat=35.235)),
        ("upload", m.NewFile(kind="voice", name="𠮷.amr", size=256), io.BytesIO(bytes(range(256)))),
        ("follow", m.AskFollow(code=code)),
        ("rate", m.Rate(code=code, rating="satisfied")),
        ("confirm_solved", m.Confirm(code=code)),
        ("say_unsolved", m.Unsolved(code=code, reason="没修")),
        ("ask_desk", m.Question(code=code, text="几时修？")),
        ("part", m.AskPart(id=1, start=5, length=9)),
    ]:
        try:
            getattr(wire, name)(*ask)
        except Refused as refused:
            assert str(refused.sentence)
    assert set(wire.sent) == set(METHODS) - {"take"}


@pytest.mark.parametrize("kind", [Invalid, Missing, Conflict, Stale])
def test_a_refusal_arrives_as_it_was_sent(kind: type[Refused]) -> None:
    said = Sentence("文字太长，最多 %(most)s 字", {"most": 12})
    crossed = Refusal.model_validate_json(Refusal.of(kind(said, field="text")).model_dump_json())
    restored = crossed.restored()
    assert (type(restored), str(restored), restored.field) == (kind, "文字太长，最多 12 字", "text")
    assert restored.status == kind.status
