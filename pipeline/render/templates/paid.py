"""Take Jinja's filters and tests; keep those that templates need, each paid for; give them by name.

Whatever a filter looks through is paid before it runs, whatever it makes afterwards, so that the price of a template is
that of its work. All of them are given the context: so none is worked out once and for all when a template is compiled,
in the language of the document that came first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from jinja2 import Undefined, filters, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.tests import TESTS
from jinja2.utils import _PassArg
from markupsafe import Markup

from pipeline.render.templates.budget import STEP
from pipeline.render.views.records import Records

if TYPE_CHECKING:
    from pipeline.render.templates.sandbox import Sandbox

_ROUNDEST = 12
_JINJA: Mapping[str, Any] = filters.FILTERS
_LONGEST_NUMBER = 40
_EACH = 3  # what it costs to ask a test or a filter about an item, beside the item
Filter = Callable[..., Any]
# What they are given is passed on or counted, not looked through.
_LIGHT = ("abs", "default", "first", "last", "length")
_TEXTS = ("capitalize", "lower", "title", "trim", "upper")
_LISTS = ("list", "map", "reject", "rejectattr", "reverse", "select", "selectattr")
# They compare keys, each many times: filter → where its attribute stands among what it is given.
_KEYED = {"dictsort": -1, "groupby": 0, "max": 1, "min": 1, "sort": 2, "unique": 1}
# What these say of a value needs no look at what it holds.
_LIGHT_TESTS = (
    "boolean", "defined", "even", "false", "float", "integer", "iterable", "mapping", "none", "number", "odd",
    "sameas", "sequence", "string", "true", "undefined",
)  # fmt: skip
_TESTS = (
    "!=", "<", "<=", "==", ">", ">=", "divisibleby", "eq", "equalto", "ge", "greaterthan", "gt", "in", "le",
    "lessthan", "lower", "lt", "ne", "upper",
)  # fmt: skip


def make_filters(own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters of templates by name: Jinja's that are needed, and a document's `own`."""
    made: dict[str, Any] = {name: _pay(_JINJA[name], _pass_on) for name in _LIGHT}
    made |= {name: _pay(_on_text(_JINJA[name]), _weigh) for name in _TEXTS}
    made |= {name: _pay(_JINJA[name], _stream) for name in _LISTS}
    made |= {name: _pay_keys(_JINJA[name], at) for name, at in _KEYED.items()}
    made |= {"join": _join, "replace": _replace, "round": _round, "sum": _sum, "int": _int, "string": _string}
    made |= {name: _pay(call, _weigh) for name, call in own.items()}
    return made


def make_tests() -> dict[str, Any]:
    """Return the tests of templates by name."""
    light = {name: TESTS[name] for name in _LIGHT_TESTS}
    return light | {name: _pay(TESTS[name], _weigh) for name in _TESTS}


def _pay(make: Any, how: Callable[[Sandbox, Any], Any]) -> Filter:
    """Return a filter or test that pays for each value that it is given, in the way of `how`, and for what it makes."""
    wanted = _PassArg.from_obj(make)

    @pass_context
    @wraps(make)
    def paid(context: Context, value: Any, *more: Any, **named: Any) -> Any:
        sandbox = sandbox_of(context)
        sandbox.budget.spend(STEP)
        value = how(sandbox, value)
        for one in (*more, *named.values()):
            _weigh(sandbox, one)
        return sandbox.budget.pay_made(_call(make, wanted, context, (value, *more), named))

    return paid


def _pass_on(_: Sandbox, value: Any) -> Any:
    return value


def _stream(sandbox: Sandbox, value: Any) -> Any:
    """Return what gives the items of a list one by one, each paid for; a text or what is no list stays itself."""
    if isinstance(value, str | Undefined) or not isinstance(value, Iterable):
        return _weigh(sandbox, value)
    if isinstance(value, Sequence | Records):
        sandbox.budget.spend(_EACH * len(value))
        return _weigh(sandbox, value)
    return sandbox.budget.pay_all(value, _EACH)


def _weigh(sandbox: Sandbox, value: Any) -> Any:
    sandbox.budget.weigh(value)
    return value


def _call(make: Filter, wanted: Any, context: Context, values: Iterable[Any], named: Mapping[str, Any]) -> Any:
    if wanted is None:
        return make(*values, **named)
    inner = context.environment if wanted is _PassArg.environment else context.eval_ctx
    return make(context if wanted is _PassArg.context else inner, *values, **named)


def _on_text(make: Filter) -> Filter:
    """Return a filter of Jinja's that works on texts so that no other value is turned into Python's words for it."""

    def apply(context: Context, value: Any, *more: Any, **named: Any) -> Any:
        if isinstance(value, list | tuple | dict):
            value = sandbox_of(context).text(value)
        return make(value, *more, **named)

    return pass_context(apply)


def _pay_keys(make: Filter, at: int) -> Filter:
    """Return a filter that compares so that each key is paid for as often as it may be compared.

    `at` is where the attribute stands among its arguments, -1 if it has none: there whole items are compared.
    """
    wanted = _PassArg.from_obj(make)

    @pass_context
    @wraps(make)
    def paid(context: Context, value: Any, *more: Any, **named: Any) -> Any:
        sandbox = sandbox_of(context)
        if isinstance(value, Undefined):
            return _call(make, wanted, context, (value, *more), named)
        if not isinstance(value, Mapping):
            value = list(sandbox.budget.pay_all(value))
        attribute = named.get("attribute", more[at] if 0 <= at < len(more) else None)
        keys = value
        if attribute is not None:
            getters = [filters.make_attrgetter(cast(Any, sandbox), one) for one in str(attribute).split(",")]
            keys = (get(item) for item in value for get in getters)
        before = sandbox.budget.left
        for key in keys.items() if isinstance(keys, Mapping) else keys:
            _weigh(sandbox, key)
        sandbox.budget.spend(STEP + (before - sandbox.budget.left) * len(value).bit_length())
        return sandbox.budget.pay_made(_call(make, wanted, context, (value, *more), named))

    return paid


@pass_context
def _join(context: Context, parts: Iterable[Any], between: str = "", attribute: str | int | None = None) -> str:
    sandbox = sandbox_of(context)
    if attribute is not None:
        parts = map(filters.make_attrgetter(cast(Any, sandbox), attribute), parts)
    return sandbox.glue(parts, between)


@pass_context
def _replace(context: Context, text: Any, old: str, new: str, count: int | None = None) -> str:
    if any(isinstance(part, Markup) for part in (text, old, new)):
        raise SecurityError("nothing can be replaced in a block or a reference")
    sandbox = sandbox_of(context)
    words = sandbox.text(text)
    sandbox.budget.spend(STEP + len(words) + words.count(old) * len(new))
    return words.replace(old, new, -1 if count is None else count)


@pass_context
def _round(context: Context, value: Any, precision: int = 0, method: str = "common") -> Any:
    sandbox_of(context).budget.spend(STEP)
    if abs(precision) > _ROUNDEST:
        raise SecurityError(f"a number is rounded to {_ROUNDEST} decimals at most")
    return filters.do_round(value, precision, method)  # type: ignore[arg-type]


@pass_context
def _sum(context: Context, items: Iterable[Any], attribute: str | int | None = None, start: Any = 0) -> Any:
    if not isinstance(start, int | float | Decimal):
        raise SecurityError("only numbers are added up")
    sandbox = sandbox_of(context)
    return filters.sync_do_sum(cast(Any, sandbox), sandbox.budget.pay_all(items), attribute, cast(Any, start))


@pass_context
def _int(context: Context, value: Any, default: int = 0, base: int = 10) -> int:
    """Return a whole number; the default for what is none, or longer than any number that a document needs."""
    sandbox_of(context).budget.spend(STEP)
    if isinstance(value, str) and len(value) > _LONGEST_NUMBER:
        return default
    return filters.do_int(value, default, base)


@pass_context
def _string(context: Context, value: Any) -> str:
    return sandbox_of(context).text(value)


def sandbox_of(context: Context) -> Sandbox:
    """Return the sandbox that a template runs in."""
    return cast("Sandbox", context.environment)
