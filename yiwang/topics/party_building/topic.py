"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="party_building",
    module="party_building",
    name="智慧党建",
    name_en="Party building",
    categories_file=Path(__file__).with_name("categories.toml"),
)
