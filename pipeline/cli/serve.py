"""Take mirrors of hosted repositories; listen for their pushes; print the address and what was done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.session import common_options, session_of
from pipeline.cli.show import say
from pipeline.problems import DONE, MACHINE_LACKS, USAGE, Problem, Stop

if TYPE_CHECKING:
    from socket import socket as Socket

HELP = """Keep mirrors of hosted repositories built: each push of GitHub, GitLab, Gitea or Forgejo calls a webhook here.

DIR is a bare clone (git clone --mirror ADDRESS). Its webhook is http://HOST:PORT/hooks/NAME, where NAME is the name of
the folder without .git; its secret is in the file deedbox/webhook-secret in it. An event only says "look": Deedbox
fetches from `origin` and publishes what branches and tags call for, as `deedbox reconcile --fetch` does.
"""


@click.command("serve", help=HELP)
@click.argument("folders", nargs=-1, metavar="[DIR]...", type=click.Path(path_type=Path))
@click.option("--webhook", is_flag=True, help="Listen for push events.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8473, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--secret-file", type=click.Path(path_type=Path), metavar="FILE", help="One secret for all repositories.")
@common_options
@click.pass_context
def command(
    context: click.Context, /, folders: tuple[Path, ...], webhook: bool, host: str, port: int, secret_file: Path | None
) -> int:
    """Listen."""
    settings = session_of(context).settings
    if not webhook:
        raise click.UsageError("say what to serve: --webhook", context)
    from pipeline.triggers.central.webhook.targets import find_targets
    from pipeline.triggers.hooks.builder import drop_variables

    drop_variables()
    roots = [settings.directory / folder for folder in folders] or [settings.directory]
    targets = find_targets(roots, settings.directory / secret_file if secret_file else None)
    try:
        import uvicorn

        from pipeline.triggers.central.webhook.app import LIMITS, make_app
        from pipeline.triggers.serving import make_config
    except ImportError:
        words = "the libraries for serving are not installed"
        raise Stop(Problem("DB466", words, hint="pip install starlette uvicorn"), exit_code=MACHINE_LACKS) from None
    app = make_app(targets, log=lambda words: say(words, settings))
    listening = _listen(host, port)
    address, found = listening.getsockname()[:2]
    for target in targets:
        say(f"listening: http://{f'[{address}]' if ':' in address else address}:{found}/hooks/{target.name}", settings)
    config = make_config(app, LIMITS, timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[listening])
    return DONE


def _listen(host: str, port: int) -> Socket:
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError as error:
        words = f"nobody can listen on {host}, port {port} ({error.strerror or error})"
        raise Stop(Problem("DB468", words, hint="choose another with --host and --port"), exit_code=USAGE) from None
    return found
