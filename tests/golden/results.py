"""Take a case and its build; print everything that its `expected/` folder must hold; give the files by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.render.assemble.document import Rendered

from .builds import Built, build_here, render_all
from .cases import Case
from .pages import draw_pages
from .print_docx import print_docx, print_styles
from .print_html import print_html
from .print_pdf import print_pdf
from .print_tree import print_tree
from .word_pages import MARK, draw_word_pages

# What a case may ask for: the name in `case.toml`, the ending of the output, how it is printed.
_PRINTED: tuple[tuple[str, str, str, Callable[[bytes], str]], ...] = (
    ("docx", "docx", "docx.txt", print_docx),
    ("styles", "docx", "styles.txt", print_styles),
    ("pdf", "pdf", "pdf.txt", print_pdf),
    ("html", "html", "html.txt", print_html),
)
Result = tuple[Built, dict[str, bytes]]


def make_results(case: Case, repository: Path, output: Path) -> Result:
    """Return what the build gave, and each expected file by its name."""
    built = build_here(repository, output)
    files = {"problems.txt": "\n".join((*built.problems, f"exit code {built.exit_code}", ""))}
    if built.exit_code == 0:
        rendered = render_all(repository)
        files["plan.txt"] = "".join(f"{line}\n" for line in _plan(built, rendered))
        files |= {f"{_name(one)}.tree.txt": print_tree(one.document) for one in rendered if one.document}
        files |= dict(_printed(case, built))
    texts = {name: text.encode() for name, text in files.items()}
    return built, {**texts, **dict(_pictures(case, built))}


def _name(one: Rendered) -> str:
    return f"{one.job.project}/{one.job.name}"


def _plan(built: Built, rendered: tuple[Rendered, ...]) -> Iterator[str]:
    """Yield the steps, each with its reason, and below a document's steps the sources it was made from."""
    for one in rendered:
        yield from (step for step in built.steps if _is_step(step, one))
        yield from (f"    from {path}" for path in one.sources)


def _is_step(step: str, one: Rendered) -> bool:
    return step.partition(": ")[0].rpartition(".")[0] == _name(one)


def _printed(case: Case, built: Built) -> Iterator[tuple[str, str]]:
    for wanted, ending, printed, write in _PRINTED:
        for name in getattr(case, wanted):
            yield f"{name}.{printed}", write(built.files[f"{name}.{ending}"])


def _pictures(case: Case, built: Built) -> Iterator[tuple[str, bytes]]:
    drawn = _draw(case.pages, "pdf", built, draw_pages)
    yield from ((f"{name}.page-{number}.png", page) for name, number, page in drawn)


def make_word_pictures(case: Case, built: Built) -> dict[str, bytes]:
    """Return the pictures of Word files that the case keeps, by name; LibreOffice must be there."""
    drawn = _draw(case.word_pages, "docx", built, draw_word_pages)
    return {f"{name}{MARK}{number}.png": page for name, number, page in drawn}


def _draw(
    wanted: tuple[str, ...], ending: str, built: Built, draw: Callable[[bytes], tuple[bytes, ...]]
) -> Iterator[tuple[str, int, bytes]]:
    """Yield name, number and picture of each page that is wanted, each document drawn once."""
    for name in dict.fromkeys(entry.partition("#")[0] for entry in wanted):
        for number, page in enumerate(draw(built.files[f"{name}.{ending}"]), start=1):
            if name in wanted or f"{name}#{number}" in wanted:
                yield name, number, page
