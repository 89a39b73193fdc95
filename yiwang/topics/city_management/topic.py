"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="city_management",
    module="city_management",
    name="城市管理",
    name_en="City management",
    categories_file=Path(__file__).with_name("categories.toml"),
)
