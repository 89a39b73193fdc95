"""The fake beside posting: writes down what would have gone out; takes everything."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from yiwang.outside import recorded
from yiwang.outside.answer import Answer, taken
from yiwang.outside.webhook import Post
from yiwang.outside.webhook.posting import signature

BOOK = "webhook"


class RecordedPosts:
    """Stands where `posting.Poster` stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, post: Post) -> Answer:
        entry = {
            "at": datetime.now(UTC).isoformat(), "to": urlsplit(post.url).netloc,
            "event": post.event, "text": post.body.decode(), "id": post.key,
            "signature": signature(post.secret, post.at, post.body),
        }  # fmt: skip
        recorded.write(self.folder, BOOK, entry)
        return taken()
