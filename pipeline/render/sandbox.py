"""Take Jinja's sandbox; fence in what a template may reach and how much it may do; give an environment that holds.

A template may come from anyone who can commit. It reads plain values only, and all that it does is paid from one
budget: a step of a loop, a call, each character that it makes. So no template can fill the memory or never end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, filters, nodes, pass_context, pass_environment
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from pipeline.render.records import Lazy, Record, Records

MOST = 10_000_000  # characters that one document's templates may make
STEP = 10  # what a step of a loop costs, in characters
_CALL = 100
_BITS = 256
_ROUNDEST = 12
# Filter names that no template can write.
_SPEND, _CONCAT = "spend a step", "put together"

_HARMLESS: Mapping[type, frozenset[str]] = {
    str: frozenset(("startswith", "endswith", "lower", "upper", "strip", "split", "title", "capitalize")),
    dict: frozenset(("get", "items", "keys", "values")),
    date: frozenset(("year", "month", "day", "isoformat", "weekday")),
    list: frozenset(("count", "index")),
    tuple: frozenset(("count", "index", "grouper", "list")),  # the last two of what `groupby` gives
    int: frozenset(),
    float: frozenset(),
    Decimal: frozenset(),
    range: frozenset(),
}
_LISTS = ("list", "sort", "unique", "reverse", "map", "select", "reject", "selectattr", "rejectattr", "groupby")


class TooMuch(SecurityError):
    """Raised when a template has used up its budget."""


class TracingContext(Context):
    """A context whose lazy names are worked out, and noted as sources, when a template asks for them."""

    def resolve_or_missing(self, key: str) -> Any:
        """Return the value of a name."""
        value = super().resolve_or_missing(key)
        return value() if isinstance(value, Lazy) else value


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox with a budget; `put` turns a value into a token, so that it is never read as Markdown.

    Overlays of an environment pay from the same budget.
    """

    intercepted_binops = frozenset(("+", "*", "**", "%"))
    context_class = TracingContext

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.budget = [MOST]
        self.put: Callable[[Any], Markup] = Markup
        self.write: Callable[[Any], str] = str

    def fence(self, put: Callable[[Any], Markup], write: Callable[[Any], str]) -> None:
        """Set how values become tokens and words, and hold back the filters that could fill the memory."""
        self.put, self.write = put, write
        held: dict[str, Any] = {_SPEND: _spend_step, _CONCAT: _concat, "join": _join, "replace": _replace}
        held |= {"round": _round, "sum": _sum, "string": lambda value: self.text(value)}
        held |= {name: _paid(self, self.filters[name]) for name in _LISTS}
        self.filters |= held

    def spend(self, amount: int) -> None:
        """Pay for work; TooMuch when the budget is used up."""
        self.budget[0] -= amount
        if self.budget[0] < 0:
            raise TooMuch("the template does too much: its loops or texts grow without end")

    def pay_all(self, items: Iterable[Any]) -> Iterator[Any]:
        """Yield the items, each paid for."""
        for item in items:
            self.spend(1)
            yield item

    def pay_range(self, *bounds: int) -> range:
        """Return a range, its numbers paid for."""
        made = range(*bounds)
        self.spend(len(made))
        return made

    def text(self, value: Any) -> str:
        """Return a value as text: a token stays one, a figure is written in the document's language."""
        return value if isinstance(value, str) else self.write(value)

    def glue(self, parts: Iterable[Any], between: Any = "") -> str:
        """Return parts as one text; where one of them is a token, the others become tokens too."""
        texts = [self.text(part) for part in (between, *parts)]
        if any(isinstance(text, Markup) for text in texts):
            texts = [text if isinstance(text, Markup) else self.put(text) if text else text for text in texts]
            return Markup(self._join(texts))
        return self._join(texts)

    def _join(self, texts: list[str]) -> str:
        self.spend(len(texts[0]) * len(texts) + sum(map(len, texts)))
        return str.join(texts[0], texts[1:])

    def call(self, context: Context, obj: Any, /, *values: Any, **named: Any) -> Any:
        """Return what a call gives; an undefined name among what it is given is an error here, not further on."""
        self.spend(_CALL)
        for value in (*values, *named.values()):
            if isinstance(value, StrictUndefined):
                value._fail_with_undefined_error()
        return super().call(context, obj, *values, **named)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the result of an operator; texts and lists are never multiplied, powers never taken."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.glue((left, right))
        sides = [len(side) for side in (left, right) if isinstance(side, str | list | tuple)]
        if operator == "**" or (sides and operator != "+"):
            raise SecurityError(f"`{operator}` is not allowed here")
        self.spend(sum(sides))
        if operator == "*" and sum(side.bit_length() for side in (left, right) if isinstance(side, int)) > _BITS:
            raise SecurityError("a number grows beyond all use")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may read an attribute: all that a record shows, little of other values."""
        if isinstance(obj, Record | Records):
            return not attr.startswith("_")
        for kind, names in _HARMLESS.items():
            if isinstance(obj, kind):
                return attr in names and super().is_safe_attribute(obj, attr, value)
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """Return nothing: `format` stays out of reach, as its widths can fill the memory."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = _Meter().visit(super()._parse(source, name, filename))
        tree.set_environment(self)
        return tree


class _Meter(NodeTransformer):
    """Makes each body pay when it runs, and each `~` pass through our own hands."""

    def _visit_body(self, node: Any) -> nodes.Node:
        written = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        price = _filter(nodes.Const(STEP + written), _SPEND, node.lineno)
        node.body.insert(0, nodes.ExprStmt(price, lineno=node.lineno))
        return node  # type: ignore[no-any-return]

    visit_Template = visit_For = visit_Macro = visit_CallBlock = visit_Block = _visit_body

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes), _CONCAT, node.lineno)


def _filter(value: nodes.Expr, name: str, line: int) -> nodes.Filter:
    value.set_lineno(line)
    return nodes.Filter(value, name, [], [], None, None, lineno=line)


@pass_context
def _spend_step(context: Context, amount: int) -> None:
    _sandbox(context).spend(amount)


@pass_context
def _concat(context: Context, parts: list[Any]) -> str:
    return _sandbox(context).glue(parts)


@pass_context
def _join(context: Context, parts: Iterable[Any], between: str = "", attribute: str | int | None = None) -> str:
    sandbox = _sandbox(context)
    if attribute is not None:
        parts = map(filters.make_attrgetter(sandbox, attribute), parts)
    return sandbox.glue(parts, between)


@pass_context
def _replace(context: Context, text: Any, old: str, new: str, count: int | None = None) -> str:
    if any(isinstance(part, Markup) for part in (text, old, new)):
        raise SecurityError("nothing can be replaced in a block or a reference")
    words = _sandbox(context).text(text)
    _sandbox(context).spend(len(words) + words.count(old) * len(new))
    return words.replace(old, new, -1 if count is None else count)


def _round(value: Any, precision: int = 0, method: str = "common") -> Any:
    if abs(precision) > _ROUNDEST:
        raise SecurityError(f"a number is rounded to {_ROUNDEST} decimals at most")
    return filters.do_round(value, precision, method)  # type: ignore[arg-type]


@pass_environment
def _sum(environment: Sandbox, items: Iterable[Any], attribute: str | int | None = None, start: Any = 0) -> Any:
    if isinstance(start, str | list | tuple):
        raise SecurityError("only numbers are added up")
    return filters.sync_do_sum(environment, items, attribute, start)


def _paid(sandbox: Sandbox, make: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that makes lists so that each item it gives is paid for."""

    @wraps(make)
    def paid(*values: Any, **named: Any) -> Any:
        made = make(*values, **named)
        if isinstance(made, str):
            return made
        return list(sandbox.pay_all(made)) if isinstance(made, list) else sandbox.pay_all(made)

    return paid


def _sandbox(context: Context) -> Sandbox:
    assert isinstance(context.environment, Sandbox)
    return context.environment
