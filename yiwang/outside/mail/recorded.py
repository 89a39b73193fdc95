"""The fake beside SMTP: writes down what would have gone out; takes everything."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from yiwang.outside import recorded
from yiwang.outside.answer import Answer, taken
from yiwang.outside.mail import Letter

BOOK = "mail"


class RecordedMail:
    """Stands where `smtp.Server` stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> Answer:
        _write(self.folder, letter.to, letter.subject, letter.text, letter.message_id)
        return taken(letter.message_id)


class Backend(BaseEmailBackend):
    """The same for letters the framework writes itself (a forgotten password)."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.YIWANG_HOME) / "outbox"
        for message in email_messages:
            for address in message.recipients():
                _write(folder, address, str(message.subject), str(message.body), "")
        return len(email_messages)


def _write(folder: Path, to: str, subject: str, text: str, message_id: str) -> None:
    entry = {
        "at": datetime.now(UTC).isoformat(), "to": recorded.masked(to), "subject": subject,
        "text": text, "id": message_id,
    }  # fmt: skip
    recorded.write(folder, BOOK, entry)
