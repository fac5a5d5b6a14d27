"""Take the name of a source file's subject; print its JSON Schema, or save those of all subjects in a folder."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.session import Settings, common_options, session_of
from pipeline.cli.show import give, give_document, give_json, near, say
from pipeline.problems import DONE, did_you_mean

HELP = """Print the JSON Schema of a source file, for editors and other tools.

Without NAME the names are listed. With -o the schema, or all of them, is saved in a folder as NAME.json.
"""


def make_schemas() -> dict[str, bytes]:
    """Return the JSON Schema of every subject by its name, as canonical JSON."""
    from pipeline.model.schema import SCHEMAS, make_schema

    return {name: _json(make_schema(name)) for name in SCHEMAS}


@click.command("schema", help=HELP)
@click.argument("name", required=False)
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Save in a folder.")
@common_options
@click.pass_context
def command(context: click.Context, /, name: str | None, output: Path | None) -> int:
    """Print JSON Schemas."""
    settings = session_of(context).settings
    schemas = make_schemas()
    if name is not None and name not in schemas:
        raise click.UsageError(f"there is no schema `{name}`; {did_you_mean(name, schemas)}")
    wanted = schemas if name is None else {name: schemas[name]}
    if output is not None:
        _save(settings, settings.directory / output, wanted)
    elif name is None:
        _list(settings, schemas)
    else:
        give_document(schemas[name].decode().rstrip("\n"), settings)
    return DONE


def _save(settings: Settings, folder: Path, schemas: dict[str, bytes]) -> None:
    from pipeline.archive.folder import save_files

    save_files(folder, {f"{name}.json": data for name, data in schemas.items()})
    if settings.format == "json":
        give_json(settings, DONE, (), output=str(folder), names=sorted(schemas))
        return
    for name in sorted(schemas):
        give(f"{near(folder)}/{name}.json", settings)


def _list(settings: Settings, schemas: dict[str, bytes]) -> None:
    if settings.format == "json":
        give_json(settings, DONE, (), names=sorted(schemas))
        return
    for name in schemas:
        give(name, settings)
    say("deedbox schema NAME prints one of them", settings)


def _json(schema: object) -> bytes:
    import json

    return f"{json.dumps(schema, ensure_ascii=False, indent=2)}\n".encode()
