"""Short messages against a gateway that really listens; the settings alone say what it wants."""

import json
import logging
from urllib.parse import parse_qs

import pytest

from yiwang.outside.answer import Fate
from yiwang.outside.sms import Text
from yiwang.outside.sms.gateway import Gateway, Rule
from yiwang.outside.tests.listening import other_system

TEXT = Text("19912345678", '案卷"0042"已派给 A&B，{phone}', "k1", {"number": "0042"})
JSON = '{"mobile": "{phone}", "content": "{text}", "extra": [{"id": "{key}"}], "n": 1}'


def gateway(other, **more) -> Gateway:
    given = {
        "url": other.url, "method": "POST", "body": JSON, "success": Rule.parse("Code=OK"),
        "timeout": 2,
    }  # fmt: skip
    return Gateway(**{**given, **more})


def test_a_json_gateway_gets_its_body_and_its_header():
    said = '{"Code": "OK", "Data": [{"BizId": 900619746936498440}]}'
    with other_system(body=said) as other:
        sender = gateway(other, headers={"Authorization": "APPCODE x"}, id_at="Data.0.BizId")
        answer = sender.send(TEXT)
    assert (answer.fate, answer.provider_id) == (Fate.TAKEN, "900619746936498440")
    (asked,) = other.asked
    assert json.loads(asked.body) == {
        "mobile": "19912345678", "content": TEXT.text, "extra": [{"id": "k1"}], "n": 1,
    }  # fmt: skip
    assert asked.headers["Authorization"] == "APPCODE x"
    assert asked.headers["Content-Type"].startswith("application/json")


def test_a_form_gateway_gets_a_form_and_a_get_gateway_an_address():
    with other_system(body="OK:1") as other:
        rule = Rule.parse("^OK")
        form = gateway(other, body="apikey=1&mobile={phone}&text={text}", success=rule)
        assert form.send(TEXT).fate is Fate.TAKEN
        get = gateway(
            other, method="GET", body="", url=other.url + "?m={phone}&c={text}", success=rule
        )
        assert get.send(TEXT).fate is Fate.TAKEN
    assert parse_qs(other.asked[0].body.decode())["text"] == [TEXT.text]
    assert parse_qs(other.asked[1].path.partition("?")[2])["c"] == [TEXT.text]


@pytest.mark.parametrize(
    ("status", "body", "fate", "reason"),
    [
        (200, '{"Code": "OK"}', Fate.TAKEN, ""),
        (200, '{"Code": "BLACKLIST"}', Fate.REFUSED, "gateway_refused"),
        (200, '{"Code": "LIMIT"}', Fate.LATER, "gateway_not_now"),
        (200, "<html>", Fate.LATER, "gateway_not_now"),
        (400, "bad", Fate.REFUSED, "gateway_refused"),
        (401, "who?", Fate.LATER, "gateway_sign_in"),
        (302, "", Fate.REFUSED, "gateway_refused"),
        (429, "", Fate.LATER, "gateway_busy"),
        (503, "", Fate.LATER, "gateway_busy"),
        (502, "", Fate.UNCLEAR, "no_answer"),
        (0, "", Fate.UNCLEAR, "no_answer"),
    ],
)
def test_each_answer_is_read_by_the_rules_of_the_settings(status, body, fate, reason):
    with other_system(status=status, body=body) as other:
        answer = gateway(other, never=Rule.parse("Code=BLACKLIST|WRONG")).send(TEXT)
    assert (answer.fate, answer.reason) == (fate, reason)
    assert len(other.asked) == 1


def test_a_gateway_that_hangs_may_have_taken_it_unless_it_knows_keys():
    with other_system(wait=5) as other:
        assert gateway(other, timeout=0.3).send(TEXT).fate is Fate.UNCLEAR
        assert gateway(other, timeout=0.3, knows_keys=True).send(TEXT).fate is Fate.LATER


def test_nobody_there_has_certainly_taken_nothing():
    with other_system() as other:
        pass
    answer = gateway(other).send(TEXT)
    assert (answer.fate, answer.reason) == (Fate.LATER, "unreachable")


def test_the_number_stands_in_no_log_and_no_answer(caplog):
    caplog.set_level(logging.INFO)
    with other_system(status=400, body="wrong mobile 19912345678") as other:
        answer = gateway(other, method="GET", body="", url=other.url + "?m={phone}").send(TEXT)
    assert "19912345678" not in caplog.text
    assert "19912345678" not in answer.detail


@pytest.mark.parametrize("written", ["OK", "=OK"])
def test_a_rule_nobody_understands_is_refused(written):
    with pytest.raises(ValueError, match="Code=OK"):
        Rule.parse(written)
