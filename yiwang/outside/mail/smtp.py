"""Letters over SMTP: connection, sign-in and TLS as the settings say; every failure is told as an answer."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from yiwang.outside.answer import Answer, later, refused, taken
from yiwang.outside.mail import Letter

_SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class Server:
    """Where letters are handed in. `tls`: none, starttls (after the greeting) or tls (from the first byte)."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    sender: str
    timeout: float

    def send(self, letter: Letter) -> Answer:
        """Hand one letter over."""
        connection = self._connection()
        try:
            return self._sent(letter, connection)
        finally:
            # The framework leaves a connection open that failed between greeting and letter.
            with suppress(OSError):
                connection.close()

    def _sent(self, letter: Letter, connection: EmailBackend) -> Answer:
        try:
            self._message(letter, connection).send()
        except smtplib.SMTPAuthenticationError as error:
            return later("mail_sign_in", f"{error.smtp_code} {_said(error.smtp_error)}")
        except smtplib.SMTPRecipientsRefused as error:
            return _of_recipients(error)
        except smtplib.SMTPResponseException as error:
            return _by_code(error.smtp_code, error.smtp_error, whole=True)
        except smtplib.SMTPServerDisconnected as error:
            waited = isinstance(error.__context__, TimeoutError)
            return later("timeout") if waited else later("dropped", error)
        except smtplib.SMTPNotSupportedError as error:
            return later("tls", error)
        except ssl.SSLError as error:
            return later("tls", error.reason or "")
        except TimeoutError:
            return later("timeout")
        except OSError as error:
            return later("unreachable", error.strerror or type(error).__name__)
        except (smtplib.SMTPException, ValueError) as error:
            return refused("cannot_be_written", type(error).__name__)
        return taken(letter.message_id)

    def _connection(self) -> EmailBackend:
        connection = get_connection(
            _SMTP, host=self.host, port=self.port, username=self.user, password=self.password,
            use_tls=self.tls == "starttls", use_ssl=self.tls == "tls", timeout=self.timeout,
        )  # fmt: skip
        assert isinstance(connection, EmailBackend)
        return connection

    def _message(self, letter: Letter, connection: EmailBackend) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives(
            subject=" ".join(letter.subject.split()),
            body=letter.text,
            from_email=self.sender,
            to=[letter.to],
            connection=connection,
            headers={
                "Message-ID": letter.message_id,
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        message.attach_alternative(letter.html, "text/html")
        return message


def _of_recipients(error: smtplib.SMTPRecipientsRefused) -> Answer:
    code, said = next(iter(error.recipients.values()), (550, b""))
    return _by_code(code, said, whole=False)


def _by_code(code: int, said: bytes | str, *, whole: bool) -> Answer:
    """4xx: not now. 5xx: never. `whole`: said to the session rather than of this one address."""
    words = f"{code} {_said(said)}"
    if 500 <= code < 600:
        return refused("mail_refused", words)
    return later("mail_not_now", words, theirs=whole)


def _said(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
