"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="finance",
    module="finance",
    name="财政管理",
    name_en="Finance",
    categories_file=Path(__file__).with_name("categories.toml"),
)
