"""Take the name of a command; look it up in the one table; load its module only then, so that the start stays lean."""

from __future__ import annotations

from importlib import import_module

import click

from pipeline.problems import did_you_mean

# In the order in which somebody meets them. Each module has one click command named `command`.
COMMANDS = {
    "init": ("pipeline.cli.init", "Make a new project repository that builds at once."),
    "build": ("pipeline.cli.build", "Make the documents: the main job."),
    "watch": ("pipeline.cli.watch", "Build now, and again whenever a source changes."),
    "check": ("pipeline.cli.check", "Look for problems in the sources, build nothing."),
    "hooks": ("pipeline.cli.hooks", "Let Git start the builds: after each commit, or on each push."),
    "status": ("pipeline.cli.status", "Tell what should be built, what is, and what went wrong."),
    "reconcile": ("pipeline.cli.reconcile", "Build what should be built and is not: after a crash, from a timer."),
    "serve": ("pipeline.cli.serve", "Listen for pushes to hosted Git, and build what they bring."),
    "figures": ("pipeline.cli.figures", "Print computed figures: where does this number come from?"),
    "why": ("pipeline.cli.why", "Tell why a document is stale, or why it is not."),
    "history": ("pipeline.cli.history", "Print the revisions of documents, as Git has them."),
    "baseline": ("pipeline.cli.baseline", "Make, list, compare and verify baselines."),
    "close": ("pipeline.cli.close", "Seal a finished project in one package."),
    "verify": ("pipeline.cli.verify", "Prove a closure package, or say what is wrong with it."),
    "ledger": ("pipeline.cli.ledger", "Record what was issued, and prove it."),
    "schema": ("pipeline.cli.schema", "Print the JSON Schema of a source file."),
    "doctor": ("pipeline.cli.doctor", "Look at this machine: is all there that a build needs?"),
    "clean": ("pipeline.cli.clean", "Remove what builds made."),
}


class Commands(click.Group):
    """The group of all commands; a command's module is imported when it is called, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None if there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return name, command and the words left; say what is near if there is no such command."""
        if not args[0].startswith("-") and args[0] not in COMMANDS:
            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"there is no command `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list for `--help` from the table, without loading a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])
