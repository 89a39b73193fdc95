"""An installation in a folder of its own, started and killed as an operator or an accident would."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from yiwang.outside.machine import ports, processes
from yiwang.outside.postgres import state

ROOT = Path(__file__).resolve().parents[3]


def patiently(question: Callable[[], object], seconds: float = 90.0) -> object:
    """Return the first true answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"still no after {seconds} s")


@dataclass
class Office:
    """One YIWANG_HOME with a port of its own; `settings` are further environment variables."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=ports.free_port)
    supervisor: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        own = {"YIWANG_HOME": str(self.home), "YIWANG_PORT": str(self.port), "YIWANG_WORKERS": "1"}
        return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **own, **self.settings}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `yiwang …` to its end; output and errors come together."""
        return subprocess.run(
            self._line(*words),
            env=self.environment,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=90,
            check=False,
        )

    def _line(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "yiwang.commands", *words]

    @property
    def output(self) -> str:
        return (self.home / "output").read_text()

    def start(self) -> None:
        with (self.home / "output").open("ab") as output:
            self.supervisor = subprocess.Popen(
                self._line("run", "--without-demo"),
                env=self.environment,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def is_served(self) -> bool:
        """Say whether the web process answers without an error of its own."""
        assert self.supervisor is not None
        assert self.supervisor.poll() is None, self.output
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def await_served(self) -> None:
        patiently(self.is_served, 120)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.supervisor is not None
        self.supervisor.send_signal(how)
        return self.supervisor.wait(90)

    def pid_of(self, part: str) -> int:
        """Return the process id of one part of a running office."""
        if part == "supervisor":
            assert self.supervisor is not None
            return self.supervisor.pid
        if part == "postgres":
            return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])
        if part == "keeper":
            return state.read(self.home).pid
        pids = sorted(pid for pid, words in self.all_processes().items() if part in words)
        return pids[0]

    def all_processes(self) -> dict[int, str]:
        """Return every process of this installation with its command line."""
        found = dict.fromkeys(processes.working_in(self.home / "postgres"), "postgres")
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                mine = f"YIWANG_HOME={self.home}\0".encode() in (entry / "environ").read_bytes()
            except OSError:
                continue
            if mine or str(self.home) in words:
                found[int(entry.name)] = words
        return {pid: words for pid, words in found.items() if processes.is_alive(pid)}

    def is_quiet(self) -> bool:
        return not self.all_processes()

    def kill_everything(self) -> None:
        for pid in self.all_processes():
            processes.send(pid, signal.SIGKILL)
        if self.supervisor is not None:
            self.supervisor.wait(10)
