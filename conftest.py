"""Test database: migrated as the owner, used as the program's role, every test rolled back."""

pytest_plugins = ["tests.database"]
