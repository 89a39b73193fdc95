"""Parts are drawn with words and shapes, and without a script or a style of their own."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.models import DefaultPoint
from yiwang.web.kit import assets, paging
from yiwang.web.kit.forms import put_refusal

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def drawn(source: str, **context: object) -> str:
    with translation.override("zh-hans"):
        text: str = Template("{% load kit %}" + source).render(Context({"now": NOW, **context}))
    assert "style=" not in text
    return text


def test_a_state_has_a_shape_and_a_word() -> None:
    text = drawn('{% state "late" %}')
    assert "超时" in text
    assert "#state-late" in text
    assert "is-late" in text


@pytest.mark.parametrize(
    ("due", "start", "key", "said"),
    [
        (NOW + HOUR, NOW - HOUR, "open", "剩 1 小时"),
        (NOW + HOUR, NOW - 9 * HOUR, "soon", "剩 1 小时"),
        (NOW - HOUR, NOW - 9 * HOUR, "late", "超 1 小时"),
        (NOW + HOUR, None, "open", "剩 1 小时"),
    ],
)
def test_a_clock_says_what_is_left(
    due: datetime, start: datetime | None, key: str, said: str
) -> None:
    text = drawn("{% clock due now start=start %}", due=due, start=start)
    assert said in text
    assert f"is-{key}" in text
    assert ("<rect" in text) == (start is not None)


def test_a_clock_that_is_stopped_says_so_and_one_without_end_is_a_dash() -> None:
    assert "已暂停" in drawn("{% clock due now paused=True %}", due=NOW)
    assert "—" in drawn("{% clock due now %}", due=None)


def test_a_stored_reason_is_read_in_the_readers_language() -> None:
    trace = [Sentence("点在 %(grid)s 内", {"grid": "<中山-03>"}).as_json()]
    assert "点在 &lt;中山-03&gt; 内" in drawn("{% why trace %}", trace=trace)
    assert drawn("{% why trace %}", trace=[]).strip() == ""


def test_the_stages_fill_the_bar() -> None:
    stages = [{"name": "受理", "span": HOUR}, {"name": "挂账", "span": 3 * HOUR, "paused": True}]
    text = drawn("{% stage_bar stages %}", stages=stages)
    assert 'x="25.000%" width="75.000%"' in text
    assert 'class="pause"' in text


def test_no_share_is_a_dash() -> None:
    assert drawn("{{ a|percent }} {{ b|percent }}", a=None, b=0.954) == "— 95.4%"


class PhoneForm(forms.Form):
    phone = forms.CharField(label="电话", help_text="可不填")
    note = forms.CharField(label="备注", required=False)


def test_an_error_stands_beside_its_field_and_what_was_typed_stays() -> None:
    form = PhoneForm({"phone": "12x", "note": ""})
    form.is_valid()
    put_refusal(form, Invalid("号码不对", field="phone"))
    text = drawn("{{ form }}", form=form)
    assert 'value="12x"' in text
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in text
    assert 'id="id_phone_error"' in text
    assert "号码不对" in text
    assert " required" not in text.replace('class="required"', "")


def test_a_refusal_about_no_field_stands_above_the_form() -> None:
    form = PhoneForm({"phone": "1"})
    form.is_valid()
    put_refusal(form, Invalid("没有这个网格", field="grid"))
    assert form.non_field_errors() == ["没有这个网格"]


@pytest.mark.django_db
def test_pages_follow_each_other_without_a_gap_or_a_repeat() -> None:
    for number in range(7):
        DefaultPoint.objects.create(name=f"点{number}", lon=115 + number // 3, lat=35, radius_m=10)
    seen, token = [], None
    for _ in range(4):
        page = paging.after(DefaultPoint.objects.all(), token, by=("-lon", "id"), size=2)
        seen += [point.pk for point in page.rows]
        token = page.next
        if token is None:
            break
    expected = DefaultPoint.objects.order_by("-lon", "id").values_list("pk", flat=True)
    assert seen == list(expected)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["nonsense", "W10", "eyJhIjoxfQ", "é", "WyJhIiwiYiJd"])
def test_a_token_nobody_made_begins_at_the_beginning(token: str) -> None:
    assert paging.after(DefaultPoint.objects.all(), token, by=("-lon", "id")).first


@pytest.mark.skipif(not assets.built(), reason="the browser parts are not built")
def test_a_built_file_is_kept_for_a_year_and_travels_packed() -> None:
    path = assets.manifest()["base/index.ts"]["file"]
    answer = assets.file(RequestFactory().get("/", headers={"accept-encoding": "gzip"}), path=path)
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["../package.json", "assets/../../package.json", "no.js"])
def test_nothing_else_is_served(path: str, client: object) -> None:
    from django.http import Http404

    with pytest.raises(Http404):
        assets.file(RequestFactory().get("/"), path=path)
