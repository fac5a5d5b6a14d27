"""Take template text and the names it may use; run it in Jinja's sandbox; give Markdown text with tokens, or problems.

Every value that is printed becomes a token (see `islands.py`). Templates cannot reach Python: the sandbox is immutable,
the context holds plain records, and only the filters and tests listed here exist.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError, pass_context
from jinja2.exceptions import SecurityError, TemplateError, TemplateRuntimeError, UndefinedError
from jinja2.runtime import Context
from jinja2.utils import missing
from markupsafe import Markup

from pipeline.document.tree import Status
from pipeline.problems import Place, Problem, did_you_mean
from pipeline.render.assemble.control import Late
from pipeline.render.lines import LineMarks
from pipeline.render.page import Page
from pipeline.render.templates.budget import STEP, TooMuch
from pipeline.render.templates.islands import disarm
from pipeline.render.templates.sandbox import Sandbox, TokenLimit, TooLong
from pipeline.render.views.records import Record, Records
from pipeline.render.words import Words
from pipeline.sources.text import read_text

_HINT_MARK = "\x1f"


class Missing(StrictUndefined):
    """A name that does not exist; its message says which, and what was meant perhaps."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        """Return this again for a field of what does not exist: the first name is told of, and the text is read on."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> Any:
        """Return this again for an entry of what does not exist."""
        return self

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        if name.startswith("_"):
            return f"`{name}` is out of reach for templates{_HINT_MARK}templates see values and filters only"
        if isinstance(self._undefined_obj, Record | Records):
            of = object.__getattribute__(self._undefined_obj, "_name")
            return f"`{of}` has no `{name}`{_HINT_MARK}{did_you_mean(name, dir(self._undefined_obj))}"
        if self._undefined_obj is not missing:
            return f"nothing here is called `{name}`{_HINT_MARK}"
        return f"`{name}` is not defined{_HINT_MARK}"


def make_environment(page: Page, words: Words, templates: Mapping[str, bytes], names: Mapping[str, Any]) -> Sandbox:
    """Return the environment of one document: its names, its language, the templates that it may include."""
    environment = Sandbox(
        loader=_Loader(templates, page),
        undefined=Missing,
        autoescape=True,
        finalize=_make_finalize(page, words),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", LineMarks, TokenLimit],
    )
    words.paying = page.budget.show
    own = {name: _pass_missing(call) for name, call in words.filters().items()}
    environment.fence(page.budget, page.islands.put_text, words.plain, own)
    environment.globals = {
        "range": environment.pay_range,
        "namespace": environment.globals["namespace"],
        **names,
    }
    return environment


def _pass_missing(call: Callable[..., str]) -> Callable[..., Any]:
    """Return a filter that hands an undefined value on, so that it is reported by its name and the rest is read too."""

    def apply(value: Any, *more: Any, **settings: Any) -> Any:
        return value if isinstance(value, Missing) else call(value, *more, **settings)

    return apply


class _Loader(BaseLoader):
    """Gives templates of the repository and of the house; notes a repository's template as a source."""

    def __init__(self, templates: Mapping[str, bytes], page: Page) -> None:
        self.templates = templates
        self.page = page

    def load(self, environment: Any, name: str, globals: Any = None) -> Template:
        """Return a template by its name below `templates/`; TemplateNotFound if there is none."""
        path = f"templates/{name}"
        if path not in self.templates:
            raise TemplateNotFound(name)
        if path in self.page.door:
            self.page.door.read(path)
        self.page.budget.spend(len(self.templates[path]))
        source, problems = read_text(path, self.templates[path])
        self.page.problems.extend(problems)
        code = _compile(environment, disarm(source), path)
        return Template.from_code(environment, code, environment.make_globals(globals))


_COMPILED: dict[str, CodeType] = {}  # the one that was used last stands last
_FAULT = 1000  # what finding a name's neighbours costs, in characters
_MARK = 20  # what reading `{{` or `{%` costs, in characters
_MOST_COMPILED = 256  # templates and texts with values in them: every project has texts of its own


def _compile(environment: Sandbox, source: str, path: str) -> CodeType:
    """Return a template's code, compiled once as long as it is in use: compiling costs far more than running it."""
    # Paid whether it is compiled now or was before, so that a document is the same whatever came before it.
    environment.budget.spend(len(source) + _MARK * (source.count("{{") + source.count("{%")))
    key = sha256(f"{path}\0{source}".encode()).hexdigest()
    code = _COMPILED.pop(key, None) or environment.compile(source, name=path, filename=path)
    _COMPILED[key] = code
    if len(_COMPILED) > _MOST_COMPILED:
        del _COMPILED[next(iter(_COMPILED))]
    return code


def _make_finalize(page: Page, words: Words) -> Callable[[Context, Any], Markup]:
    @pass_context
    def finalize(context: Context, value: Any) -> Markup:
        budget = page.budget
        budget.spend(STEP)
        if isinstance(value, Markup):
            budget.spend(len(value))
            return value
        if isinstance(value, Missing):
            _tell_undefined(value, context, page)
            # Something in its place, so that its paragraph or section is not called empty besides.
            return page.islands.put_text("?")
        if isinstance(value, Status | Late):
            return page.islands.put_inlines((value,))
        budget.weigh(value)
        return page.islands.put_text(words.plain(value))

    return finalize


def _tell_undefined(value: Missing, context: Context, page: Page) -> None:
    """Note a name that is not there, unless so many faults are known that nobody reads of another one."""
    page.budget.spend(_FAULT)
    if page.problems.takes("error"):
        page.problems.append(_undefined_problem(value, context))


def _undefined_problem(value: Missing, context: Context) -> Problem:
    message, _, hint = value._undefined_message.partition(_HINT_MARK)
    # The frame that called finalize is the compiled template, or Jinja's own between; its line maps to the source.
    frame = sys._getframe(1)
    while frame.f_back is not None and "__jinja_template__" not in frame.f_globals:
        frame = frame.f_back
    template = frame.f_globals.get("__jinja_template__")
    place = Place(template.filename or "", template.get_corresponding_lineno(frame.f_lineno)) if template else Place()
    code = "DB355" if str(value._undefined_name).startswith("_") else "DB351"
    return Problem(code, message, place, hint or did_you_mean(str(value._undefined_name), context.get_all()))


def run_prose(environment: Sandbox, source: str, path: str, first: int, page: Page) -> str | None:
    """Return what prose with values gives, as `run_template`; `{#name}` is an id there, as in Markdown, no comment."""
    prose = environment.overlay(comment_start_string="{##", comment_end_string="##}")
    assert isinstance(prose, Sandbox)
    return run_template(prose, source, path, first, page)


def run_template(environment: Sandbox, source: str, path: str, first: int, page: Page) -> str | None:
    """Return what a template's text gives, with line marks in it, or None and a problem.

    The text starts on line `first` of `path`.
    """
    lines = "\n" * (first - 1)
    page.home = path
    try:
        code = _compile(environment, lines + disarm(source), path)
        template = environment.template_class.from_code(environment, code, environment.make_globals(None))
        text = template.render()
    except TooLong as error:
        place = Place(error.filename or path, error.lineno)
        page.fail("DB356", f"the template is too long: {error.message}", place, _PART)
        return None
    except TemplateSyntaxError as error:
        page.fail("DB352", _calm(str(error.message)), Place(error.filename or path, error.lineno), _SYNTAX)
        return None
    except Exception as error:  # a template can raise anything that a filter or an operator raises
        page.problems.append(_run_problem(error, Place(path, first), environment))
        return None
    return page.islands.set_apart(text)


_PART = "part it, or take what it shows from data"
_SYNTAX = "values are written {{ name }}, filters {{ name | money }}"


def _calm(message: str) -> str:
    message = message.strip().rstrip(".")
    return f"the template cannot be read: {message[:1].lower()}{message[1:]}"


def _run_problem(error: Exception, start: Place, environment: Sandbox) -> Problem:
    """Return the problem of a template that failed: on its own line, or where it starts if it failed before it ran."""
    place = _template_place(error) or start
    text = str(error)
    if isinstance(error, UndefinedError):
        message, _, hint = text.partition(_HINT_MARK)
        name = message.split("`")[1] if "`" in message else ""
        return Problem("DB351", message, place, hint or did_you_mean(name, environment.globals))
    if isinstance(error, TemplateNotFound):
        return Problem("DB353", f"there is no template `{text}`", place)
    if isinstance(error, TooMuch):
        return Problem("DB354", text, place, "shorten its loops, or take what it shows from data")
    if isinstance(error, SecurityError):
        message = text.partition(_HINT_MARK)[0]
        return Problem("DB355", f"not allowed in a template: {message}", place, "templates see values and filters only")
    if isinstance(error, RecursionError):
        return Problem("DB352", "the template is nested too deeply, or calls itself", place, _PART)
    known = isinstance(error, TemplateRuntimeError | TemplateError | TypeError | ValueError | ArithmeticError)
    kind = "" if known else f"{type(error).__name__}: "
    return Problem("DB352", f"the template failed: {kind}{text}", place)


def _template_place(error: BaseException) -> Place | None:
    """Return the innermost template line of a traceback."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        # Jinja rewrites tracebacks: the frame of a template carries the template's own file name and line.
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            found = Place(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return found
