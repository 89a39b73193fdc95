"""Posts to other systems: signed, once each, and never into our own network."""

import socket
import time

import pytest

from yiwang.outside.answer import Fate
from yiwang.outside.tests.listening import other_system
from yiwang.outside.webhook import Post
from yiwang.outside.webhook.addresses import Private, checked, resolved
from yiwang.outside.webhook.posting import Poster, is_signed, signature

BODY = b'{"event": "case_closed"}'


def post(url: str) -> Post:
    return Post(url, "secret", "key-1", "case_closed", BODY, int(time.time()))


def test_a_post_is_signed_over_its_moment_and_body():
    with other_system() as other:
        assert Poster(2, private=True).send(post(other.url)).fate is Fate.TAKEN
    (asked,) = other.asked
    header = asked.headers["Yiwang-Signature"]
    now = int(time.time())
    assert is_signed(header, "secret", asked.body, now=now)
    assert not is_signed(header, "other", asked.body, now=now)
    assert not is_signed(header, "secret", asked.body + b" ", now=now)
    assert not is_signed(header, "secret", asked.body, now=now + 301)
    assert asked.headers["Yiwang-Id"] == "key-1"
    assert asked.headers["Host"] == f"127.0.0.1:{other.port}"
    assert asked.body == BODY


def test_the_signature_is_the_one_of_the_recipe():
    assert signature("secret", 1764000000, b"{}") == (
        "t=1764000000,v1="
        + __import__("hmac").new(b"secret", b"1764000000.{}", "sha256").hexdigest()
    )


@pytest.mark.parametrize(
    ("status", "fate", "reason"),
    [
        (204, Fate.TAKEN, ""),
        (500, Fate.LATER, "endpoint_trouble"),
        (503, Fate.LATER, "endpoint_trouble"),
        (429, Fate.LATER, "endpoint_trouble"),
        (404, Fate.REFUSED, "endpoint_refused"),
        (410, Fate.REFUSED, "endpoint_refused"),
        (0, Fate.LATER, "unreachable"),
    ],
)
def test_each_status_says_whether_to_try_again(status, fate, reason):
    with other_system(status=status) as other:
        answer = Poster(2, private=True).send(post(other.url))
    assert (answer.fate, answer.reason) == (fate, reason)


def test_where_it_points_is_not_followed():
    with (
        other_system() as inside,
        other_system(status=302, headers={"Location": inside.url}) as other,
    ):
        assert Poster(2, private=True).send(post(other.url)).fate is Fate.REFUSED
    assert inside.asked == []


def test_an_endpoint_that_hangs_is_not_waited_for():
    with other_system(wait=5) as other:
        answer = Poster(0.3, private=True).send(post(other.url))
    assert (answer.fate, answer.reason) == (Fate.LATER, "timeout")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.cn/", "https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.1.1/",
        "https://169.254.169.254/", "https://[::1]/", "https://[fe80::1]/", "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://0.0.0.0/",
        "https://100.64.0.1/", "https://224.0.0.1/",
    ],
)  # fmt: skip
def test_our_own_network_is_closed(url):
    with pytest.raises(Private):
        checked(url, private=False)
    assert Poster(1, private=False).send(post(url)).reason == "private_address"


def test_a_name_that_leads_inside_is_closed_however_many_addresses_it_has(monkeypatch):
    def answers(*addresses):
        def found(host, port, **_more):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", found)

    answers("93.184.215.14")
    assert resolved("county.example.cn", 443, private=False) == "93.184.215.14"
    answers("93.184.215.14", "10.0.0.1")
    with pytest.raises(Private):
        resolved("county.example.cn", 443, private=False)
    assert Poster(1, private=False).send(post("https://county.example.cn/")).fate is Fate.REFUSED


def test_odd_spellings_of_this_machine_lead_nowhere():
    for url in ("https://localhost/", "https://2130706433/", "https://0x7f.1/", "https://127.1/"):
        answer = Poster(1, private=False).send(post(url))
        assert answer.reason in ("private_address", "unreachable"), url
