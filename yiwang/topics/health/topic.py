"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="health",
    module="health",
    name="卫生计生",
    name_en="Health and families",
    categories_file=Path(__file__).with_name("categories.toml"),
)
