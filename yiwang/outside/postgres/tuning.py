"""PostgreSQL's settings: quick on a small machine, and nothing acknowledged is ever lost."""

import os
from typing import Literal

Kind = Literal["office", "test"]
_MB = 1024 * 1024


def _machine_memory() -> int:
    """Return the machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def settings(kind: Kind, port: int, version: int) -> dict[str, str]:
    """Return the settings of a server by name, as PostgreSQL writes them."""
    return {
        **_reachable_from_this_machine_only(port),
        **_silent_about_people(),
        **_small_machine(_machine_memory()),
        **(_durable() if kind == "office" else _forgetful()),
        **({"io_method": "worker"} if version >= 18 else {}),
    }


def _reachable_from_this_machine_only(port: int) -> dict[str, str]:
    return {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "password_encryption": "scram-sha-256",
        "max_connections": "200",
    }


def _silent_about_people() -> dict[str, str]:
    """Keep statements, their parameters and offending values out of the log: they may name residents."""
    return {
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_checkpoints": "off",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "off",
    }


def _small_machine(memory: int) -> dict[str, str]:
    buffers = max(128 * _MB, min(memory // 8, 1024 * _MB))
    return {
        "shared_buffers": f"{buffers // _MB}MB",
        "effective_cache_size": f"{max(512, memory // 2 // _MB)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than every query of ours
        "max_parallel_workers_per_gather": "0",  # two cores serve people, not one query
        "max_parallel_maintenance_workers": "0",  # nor need a large /dev/shm
    }


def _durable() -> dict[str, str]:
    """Every commit is on disk before it is acknowledged; checkpoints are rare and spread out."""
    return {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_buffers": "16MB",
        "min_wal_size": "128MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
    }


def _forgetful() -> dict[str, str]:
    return {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_wal_size": "512MB",
        "checkpoint_timeout": "1h",
        "shared_buffers": "256MB",
    }
