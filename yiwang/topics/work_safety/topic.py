"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="work_safety",
    module="work_safety",
    name="安全生产",
    name_en="Work safety",
    categories_file=Path(__file__).with_name("categories.toml"),
)
