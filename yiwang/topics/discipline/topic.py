"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="discipline",
    module="discipline",
    name="纪律监督",
    name_en="Discipline",
    categories_file=Path(__file__).with_name("categories.toml"),
)
