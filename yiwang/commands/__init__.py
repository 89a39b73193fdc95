"""The `yiwang` command line. One file per subject; each command is loaded when it is called.

A command that needs the database is written in a file whose functions import models inside the function body,
after `prepare()` has set Django up.
"""

import importlib

import click

# command name → (module, attribute)
COMMANDS: dict[str, str] = {
    "backup": "backup:backup",
    "bench": "bench:bench",
    "demo": "demo:demo",
    "export-catalogue": "catalogue:export_catalogue",
    "import-catalogue": "catalogue:import_catalogue",
    "sync-catalogue": "catalogue:sync_catalogue",
    "import-cases": "history:import_cases",
    "verify-audit": "audit:verify_audit",
    "seal-audit": "audit:seal_audit",
    "publish-year": "calendar:publish_year",
    "explain-deadline": "calendar:explain_deadline",
    "import-territory": "territory:import_territory",
    "check-territory": "territory:check_territory",
    "check": "check:check",
    "database-shell": "database_shell:database_shell",
    "indicators": "indicators:indicators",
    "live": "live:live",
    "migrate": "migrate:migrate",
    "pictures": "pictures:pictures",
    "restore": "restore:restore",
    "retention": "retention:retention",
    "reindex-search": "search:reindex_search",
    "run": "run:run",
    "serve": "serve:serve",
    "worker": "worker:worker",
    "compile-messages": "messages:compile_messages",
    "messages": "messages:messages",
    "staff": "staff:staff",
}


def prepare() -> None:
    """Set Django up, once, on the installation of the settings; its database runs until this process ends."""
    from django.apps import apps

    if apps.ready:
        return
    from yiwang.commands import installation

    installation.enter()
    import django

    django.setup()


class LazyGroup(click.Group):
    """A group that imports the file of a command only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(
            importlib.import_module(f"yiwang.commands.{module}"), attribute
        )
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Show what an operator can mend as one sentence, not as a traceback."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if _is_for_the_operator(error):
                raise click.ClickException(str(error).strip()) from error
            raise


def _is_for_the_operator(error: Exception) -> bool:
    from yiwang.config.environment import WrongSetting
    from yiwang.kernel.foundation.backup import BackupTrouble
    from yiwang.outside.postgres import DatabaseTrouble

    return isinstance(error, WrongSetting | DatabaseTrouble | BackupTrouble)


@click.group(cls=LazyGroup)
def main() -> None:
    """Yiwang 一网: the everyday governance of a subdistrict office."""
