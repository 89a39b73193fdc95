"""The declaration of the topic."""

from pathlib import Path

from yiwang.kernel.catalogue import Topic

TOPIC = Topic(
    code="public_security",
    module="public_security",
    name="综合治理",
    name_en="Public security and mediation",
    categories_file=Path(__file__).with_name("categories.toml"),
)
