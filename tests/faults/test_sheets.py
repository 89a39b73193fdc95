"""What somebody typed leaves the house as Excel: as words, never as a formula, and nothing turns the direction of reading."""

import io

from openpyxl import load_workbook

from tests.faults.conftest import Knock
from tests.faults.texts import TEXTS, TURNING
from tests.town.small import Town
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.exports import making
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.exports.rules import cell_of
from yiwang.kernel.foundation.viewer import speaking_as

FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "|", "%")


def test_a_list_of_such_reports_is_a_list_of_words(town: Town, as_: Knock) -> None:
    for text in TEXTS.values():
        town.report(text, address=text[:200])
    wang_fang = as_(town.wang_fang)
    assert wang_fang.post("/exports/desk-list/", {"query": "queue=all"}).status_code == 302
    with speaking_as(SYSTEM):
        export = Export.objects.latest("asked_at")
    making.make(export.pk)
    answer = wang_fang.get(f"/exports/{export.pk}/file/")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    words = [str(cell.value) for cell in cells if cell.data_type == "s"]
    assert not [word for word in words if word.startswith(FORMULAS)]
    assert not [word for word in words if TURNING.search(word)]
    text = "\n".join(words)
    for kept in ("𠮷野家", "👨‍👩‍👧‍👦", "الغطاء", "'=HYPERLINK", "'-2+3", "'@SUM", "<script>"):
        assert kept in text


def test_a_formula_behind_signs_nobody_sees_is_no_formula() -> None:
    for hidden in ("\u202e=1+1", "\x00=1+1", "\u2066+1", " \u202d@A1", "\x0b-1"):
        assert str(cell_of(hidden)).startswith("'")
