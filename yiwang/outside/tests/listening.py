"""A small HTTP server for tests: keeps what it is asked and answers as told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Other:
    """The other system. `status` 0 hangs up without an answer; `wait` seconds go by before it answers."""

    status: int = 200
    body: str = ""
    wait: float = 0
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"


@contextmanager
def other_system(**more) -> Iterator[Other]:
    other, over = Other(**more), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            other.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            over.wait(other.wait)
            if not other.status:
                self.close_connection = True
                return
            self.send_response(other.status)
            for name, value in other.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(other.body.encode())

        do_GET = do_POST  # noqa: N815 - the name the base class calls

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    other.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield other
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
