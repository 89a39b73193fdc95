"""The WSGI application that the web server loads."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from yiwang.outside.machine.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
if os.environ.get("YIWANG_SERVED_BY") == str(os.getppid()):
    end_with_parent(signal.SIGKILL)  # a killed server leaves no process of its own behind
application = get_wsgi_application()
