from pathlib import Path

from yiwang.config.settings import *  # noqa: F403
from yiwang.config.settings import TEMPLATES

ROOT_URLCONF = "tests.journeys.gallery.urls"
TEMPLATES = [{**TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
