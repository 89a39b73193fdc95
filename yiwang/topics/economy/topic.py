"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="economy",
    module="economy",
    name="经济贸易",
    name_en="Economy and trade",
    categories_file=Path(__file__).with_name("categories.toml"),
)
