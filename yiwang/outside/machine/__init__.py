"""The operating system: processes that must not outlive their parent, ports, accounts without rights.

Linux is what an office runs on; on another system the same calls work with less protection against `kill -9`.
"""
