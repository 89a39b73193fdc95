"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="social_affairs",
    module="social_affairs",
    name="社会事务",
    name_en="Social affairs",
    categories_file=Path(__file__).with_name("categories.toml"),
)
