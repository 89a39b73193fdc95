"""The ASGI application of the live process; the pages are served by `wsgi.py`, for the reason of decision 8."""

import os
import signal

import django

from yiwang.outside.machine.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
if os.environ.get("YIWANG_SERVED_BY") == str(os.getppid()):
    end_with_parent(signal.SIGKILL)
django.setup()

from yiwang.web.live.app import Live  # noqa: E402 - models load after the apps do

application = Live()
