"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="open_government",
    module="open_government",
    name="政务公开",
    name_en="Open government",
    categories_file=Path(__file__).with_name("categories.toml"),
)
