"""The fake beside the gateway: writes down what would have gone out; takes everything."""

from datetime import UTC, datetime
from pathlib import Path

from yiwang.outside import recorded
from yiwang.outside.answer import Answer, taken
from yiwang.outside.sms import Text

BOOK = "sms"


class RecordedSms:
    """Stands where `gateway.Gateway` stands; like most real gateways it does not know a key it has seen."""

    knows_keys = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, text: Text) -> Answer:
        entry = {
            "at": datetime.now(UTC).isoformat(), "to": recorded.masked(text.phone),
            "text": text.text, "id": text.key,
        }  # fmt: skip
        recorded.write(self.folder, BOOK, entry)
        return taken(f"recorded-{text.key}")
