import json

from django.utils import translation

from yiwang.kernel.foundation.calendar import Limit
from yiwang.kernel.foundation.sentences import Sentence, as_json, from_json


def test_a_stored_sentence_comes_back_from_json_whole() -> None:
    sentence = Sentence(
        "延期一次，从原到期时间再加 %(limit)s", {"limit": Limit.parse("2天").as_sentence()}
    )
    stored = json.loads(json.dumps(as_json([sentence])))
    assert from_json(stored) == (sentence,)
    assert from_json(stored)[0].text() == "延期一次，从原到期时间再加 2 个工作日"


def test_a_sentence_is_read_in_the_language_of_the_reader() -> None:
    sentence = Sentence(
        "跳过%(name)s %(first)s 至 %(last)s",
        {
            "name": Sentence("春节"),
            "first": "2026-02-15",
            "last": "2026-02-23",
        },
    )
    with translation.override("en"):
        assert sentence.text() == "Skipped Spring Festival, 2026-02-15 to 2026-02-23"
    with translation.override("zh-hans"):
        assert sentence.text() == "跳过春节 2026-02-15 至 2026-02-23"


def test_a_percent_sign_in_a_parameter_does_no_harm() -> None:
    assert Sentence("%(amount)s 个工作日", {"amount": "100%(x)s"}).text() == "100%(x)s 个工作日"
