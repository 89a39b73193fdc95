"""Letters against a mail server that really listens: accepting, refusing, hanging up, encrypted."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from yiwang.outside.answer import Fate
from yiwang.outside.mail import Letter
from yiwang.outside.mail.smtp import Server

LETTER = Letter(
    "li.na@example.cn", "案卷 20261123-0042 已派给供水公司", "请在 16:20 前处置\n\n打开：https://x.cn/1",
    "<p>请在 16:20 前处置</p>", "<8a1e@example.cn>",
)  # fmt: skip


class Inbox:
    """What the server does with a letter: keep it, or answer as the test says."""

    def __init__(self, rcpt: str = "", data: str = "") -> None:
        self.rcpt, self.data, self.kept = rcpt, data, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data == "hang up":
            server.transport.abort()
            return "250 OK"
        if self.data:
            return self.data
        self.kept.append(envelope)
        return "250 OK"


@contextmanager
def listening(inbox: Inbox, **more) -> Iterator[Controller]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


def server(controller: Controller, **more) -> Server:
    given = {
        "host": controller.hostname, "port": controller.port, "user": "", "password": "",
        "tls": "none", "sender": "南城街道一网 <yiwang@example.cn>", "timeout": 3,
    }  # fmt: skip
    return Server(**{**given, **more})


def test_a_letter_arrives_with_chinese_headers_text_and_html():
    inbox = Inbox()
    with listening(inbox) as smtp:
        answer = server(smtp).send(LETTER)
    assert (answer.fate, answer.provider_id) == (Fate.TAKEN, "<8a1e@example.cn>")
    (envelope,) = inbox.kept
    raw = envelope.content
    assert raw.isascii() or b"8bit" in raw
    assert all(line.isascii() for line in raw.split(b"\r\n\r\n")[0].splitlines())
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == LETTER.subject
    assert message["From"] == "南城街道一网 <yiwang@example.cn>"
    assert message["Message-ID"] == "<8a1e@example.cn>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "16:20 前处置" in message.get_body(("plain",)).get_content()
    assert "<p>" in message.get_body(("html",)).get_content()
    assert envelope.rcpt_tos == ["li.na@example.cn"]


@pytest.mark.parametrize(
    ("inbox", "fate", "reason", "theirs"),
    [
        (Inbox(rcpt="550 no such user"), Fate.REFUSED, "mail_refused", False),
        (Inbox(rcpt="450 mailbox busy"), Fate.LATER, "mail_not_now", False),
        (Inbox(data="450 later"), Fate.LATER, "mail_not_now", True),
        (Inbox(data="554 spam"), Fate.REFUSED, "mail_refused", False),
        (Inbox(data="hang up"), Fate.LATER, "dropped", True),
    ],
)
def test_a_refusal_is_an_answer_that_says_whether_to_try_again(inbox, fate, reason, theirs):
    with listening(inbox) as smtp:
        answer = server(smtp).send(LETTER)
    assert (answer.fate, answer.reason, answer.theirs) == (fate, reason, theirs)
    assert inbox.kept == []


def test_what_the_server_says_is_kept_without_the_address():
    with listening(Inbox(rcpt="550 <li.na@example.cn> 13812345678 unknown")) as smtp:
        answer = server(smtp).send(LETTER)
    assert answer.detail.startswith("550")
    assert "li.na" not in answer.detail
    assert "1381" not in answer.detail


def test_nobody_listening_is_unreachable():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    answer = Server("127.0.0.1", port, "", "", "none", "a@example.cn", 2).send(LETTER)
    assert (answer.fate, answer.reason) == (Fate.LATER, "unreachable")


def test_a_server_that_says_nothing_is_not_waited_for_long():
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        port = mute.getsockname()[1]
        answer = Server("127.0.0.1", port, "", "", "none", "a@example.cn", 1).send(LETTER)
    assert (answer.fate, answer.reason, answer.theirs) == (Fate.LATER, "timeout", True)


def test_a_line_break_in_a_subject_makes_no_header():
    inbox = Inbox()
    letter = Letter("li.na@example.cn", "甲\r\nBcc: x@example.cn", "乙", "乙", "<1@example.cn>")
    with listening(inbox) as smtp:
        assert server(smtp).send(letter).fate is Fate.TAKEN
    message = message_from_bytes(inbox.kept[0].content, policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == "甲 Bcc: x@example.cn"


def test_an_address_with_a_line_break_is_refused():
    with listening(Inbox()) as smtp:
        letter = Letter("a@example.cn\r\nBcc: b@example.cn", "甲", "乙", "乙", "<1@example.cn>")
        assert server(smtp).send(letter).fate is Fate.REFUSED


@pytest.fixture
def certificate(tmp_path, monkeypatch) -> ssl.SSLContext:
    """A certificate of 127.0.0.1, trusted for this test."""
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the tests")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


def test_a_letter_goes_encrypted_where_the_server_asks_for_it(certificate):
    inbox = Inbox()
    with listening(inbox, tls_context=certificate, require_starttls=True) as smtp:
        assert server(smtp).send(LETTER).reason == "mail_refused"
        assert server(smtp, tls="starttls").send(LETTER).fate is Fate.TAKEN


def test_a_certificate_nobody_vouches_for_is_not_trusted(certificate, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    inbox = Inbox()
    with listening(inbox, tls_context=certificate, require_starttls=True) as smtp:
        answer = server(smtp, tls="starttls").send(LETTER)
    assert (answer.fate, answer.reason) == (Fate.LATER, "tls")
    assert inbox.kept == []


def test_a_server_without_encryption_gets_nothing_when_we_ask_for_it():
    inbox = Inbox()
    with listening(inbox) as smtp:
        answer = server(smtp, tls="starttls").send(LETTER)
    assert (answer.fate, answer.reason, inbox.kept) == (Fate.LATER, "tls", [])


def test_a_wrong_password_is_tried_again_and_counts_as_the_servers_trouble(certificate):
    from aiosmtpd.smtp import AuthResult

    inbox = Inbox()

    def only(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"right", handled=False)

    with listening(inbox, tls_context=certificate, auth_required=True, authenticator=only) as smtp:
        wrong = server(smtp, tls="starttls", user="town", password="wrong").send(LETTER)
        right = server(smtp, tls="starttls", user="town", password="right").send(LETTER)
    assert (wrong.fate, wrong.reason, wrong.theirs) == (Fate.LATER, "mail_sign_in", True)
    assert right.fate is Fate.TAKEN
