"""Take Jinja's sandbox; fence in what a template may reach and how much it may do; give an environment that holds.

A template may come from anyone who can commit. It reads plain values only, and all that it does is paid from one
budget (`budget.py`): each node of a loop's body at each step, each call, each comparison, each character that it makes.
So no template can fill the memory or never end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import BuiltinMethodType
from typing import Any, cast

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from pipeline.render.templates.budget import STEP, Budget
from pipeline.render.templates.paid import make_filters, make_tests, sandbox_of
from pipeline.render.views.records import Lazy, Record, Records

_MOST_TOKENS = 100_000  # words, brackets and stretches of text of one template
_LONGEST = 1_000_000  # characters of one template
_CALL = 100
_BITS = 256
_PER_UNIT = 8  # characters that are compared in the time in which one is made
_LARGEST_EXPONENT = 400
# Filter names that no template can write.
_SPEND, _CONCAT, _WEIGH, _SLICE = "spend a step", "put together", "look through", "cut out"
# How many times its length a text costs, by method.
_METHOD = {"split": 8, "title": 4}

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


class TooLong(TemplateSyntaxError):
    """Raised where a template is longer than one is read."""


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

    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "**", "%"))
    context_class = TracingContext

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.budget = Budget()
        self.put: Callable[[Any], Markup] = Markup
        self.write: Callable[[Any], str] = str

    def fence(
        self, budget: Budget, put: Callable[[Any], Markup], write: Callable[[Any], str], own: Mapping[str, Any]
    ) -> None:
        """Set what pays, how values become tokens and words, and let in the filters and tests that there are."""
        self.budget, self.put, self.write = budget, put, write
        held: dict[str, Any] = {_SPEND: _spend_step, _CONCAT: _concat, _WEIGH: _look_through, _SLICE: _cut_out}
        self.filters = held | make_filters(own)
        self.tests = make_tests()

    def pay_range(self, *bounds: int) -> range:
        """Return a range, its numbers paid for."""
        made = range(*bounds)
        self.budget.spend(len(made))
        return made

    def text(self, value: Any) -> str:
        """Return a value as text: a token stays one, a figure is written in the document's language."""
        if isinstance(value, str):
            return value
        self.budget.weigh(value)
        return self.write(value)

    def glue(self, parts: Iterable[Any], between: Any = "") -> str:
        """Return parts as one text; where one of them is a token, the others become tokens too."""
        if isinstance(parts, str):
            self.budget.spend(_METHOD["split"] * len(parts))
        texts = [self.text(part) for part in (between, *parts)]
        if any(isinstance(text, Markup) for text in texts):
            self.budget.spend(STEP * len(texts))
            texts = [text if isinstance(text, Markup) else self.put(text) if text else text for text in texts]
            return Markup(self._join(texts))
        return self._join(texts)

    def _join(self, texts: list[str]) -> str:
        self.budget.spend(len(texts[0]) * len(texts) + sum(map(len, texts)))
        return str.join(texts[0], texts[1:])

    def call(self, context: Context, obj: Any, /, *values: Any, **named: Any) -> Any:
        """Return what a call gives; an undefined name among what it is given is an error here, not further on."""
        self.budget.spend(_CALL)
        for value in (*values, *named.values()):
            if isinstance(value, StrictUndefined):
                value._fail_with_undefined_error()
            self.budget.weigh(value)
        if not isinstance(obj, BuiltinMethodType):
            return super().call(context, obj, *values, **named)
        if not isinstance(obj.__self__, Mapping):
            self._pay_self(obj.__self__, _METHOD.get(obj.__name__, 1))
        return self.budget.pay_made(super().call(context, obj, *values, **named))

    def _pay_self(self, owner: Any, times: int) -> None:
        """Pay for what a method looks through: the text or list that it is a method of."""
        if isinstance(owner, str):
            self.budget.spend(times * len(owner))
        else:
            self.budget.weigh(owner)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the result of an operator; texts and lists are never multiplied, powers never taken."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.glue((left, right))
        sides = [len(side) for side in (left, right) if isinstance(side, str | list | tuple)]
        if operator == "**" or (sides and operator != "+"):
            raise SecurityError(f"`{operator}` is not allowed here")
        self.budget.spend(sum(sides))
        if operator == "*" and sum(side.bit_length() for side in (left, right) if isinstance(side, int)) > _BITS:
            raise SecurityError("a number grows beyond all use")
        made = super().call_binop(context, operator, left, right)
        if _is_huge(made):
            raise SecurityError("a number grows beyond all use")
        return made

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry of a value; a key that is itself a list is paid for, since all of it is looked at."""
        if isinstance(argument, list | tuple):
            self.budget.weigh(argument)
        return super().getitem(obj, argument)

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
        if len(source) > _LONGEST:
            raise TooLong(f"it has more than {_LONGEST:,} characters", 1, name, filename)
        tree: nodes.Template = _Meter().visit(super()._parse(source, name, filename))
        tree.set_environment(self)
        return tree


class TokenLimit(Extension):
    """Ends the reading of a template that has more words and signs than any page needs."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens as long as they are not too many."""
        for number, token in enumerate(stream):
            if number >= _MOST_TOKENS:
                message = f"it has more than {_MOST_TOKENS:,} words and signs"
                raise TooLong(message, token.lineno, stream.name, stream.filename)
            yield token


def _is_huge(number: Any) -> bool:
    if isinstance(number, Decimal):
        return number.is_finite() and abs(number.adjusted()) > _LARGEST_EXPONENT
    return isinstance(number, int) and number.bit_length() > 2 * _BITS


class _Meter(NodeTransformer):
    """Makes each body pay for what stands in it when it runs, and whatever compares, cuts or joins pass our hands."""

    def _visit_body(self, node: Any) -> nodes.Node:
        price = _price(node.body)
        self.generic_visit(node)
        if isinstance(node, nodes.For) and node.test is not None:
            node.test = _filter(
                cast(nodes.Expr, node.test), _WEIGH, node.lineno, nodes.Const(STEP + _price([node.test]))
            )
        node.body.insert(0, nodes.ExprStmt(_filter(nodes.Const(price), _SPEND, node.lineno), lineno=node.lineno))
        return node  # type: ignore[no-any-return]

    visit_Template = visit_For = visit_Macro = visit_CallBlock = visit_Block = _visit_body

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes), _CONCAT, node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        node.expr = _look(node.expr)
        for operand in node.ops:
            operand.expr = _look(operand.expr)
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Node:
        self.generic_visit(node)
        node.key = _look(node.key)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        bounds: list[Any] = [part or nodes.Const(None) for part in (node.arg.start, node.arg.stop, node.arg.step)]
        return _filter(node.node, _SLICE, node.lineno, *bounds)


def _price(body: Iterable[nodes.Node]) -> int:
    """Return what one pass through a body costs: its text and its nodes, without those of the bodies within it."""
    price, waiting = STEP, [*body]
    while waiting:
        node = waiting.pop()
        price += len(node.data) if isinstance(node, nodes.TemplateData) else 1
        inner = isinstance(node, nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block)
        waiting += node.iter_child_nodes(exclude=("body",) if inner else None)
    return price


def _look(value: nodes.Expr) -> nodes.Expr:
    """Return an operand that pays for its whole content, since comparing may look at all of it."""
    return value if isinstance(value, nodes.Const) else _filter(value, _WEIGH, value.lineno)


def _filter(value: nodes.Expr, name: str, line: int, *arguments: nodes.Expr) -> nodes.Filter:
    value.set_lineno(line)
    for one in arguments:
        one.set_lineno(line)
    return nodes.Filter(value, name, [*arguments], [], None, None, lineno=line)


@pass_context
def _spend_step(context: Context, amount: int) -> None:
    sandbox_of(context).budget.spend(amount)


@pass_context
def _look_through(context: Context, value: Any, price: int = 0) -> Any:
    budget = sandbox_of(context).budget
    budget.spend(1 + price)
    if isinstance(value, str):
        budget.spend(len(value) // _PER_UNIT)
    else:
        budget.weigh(value)
    return value


@pass_context
def _concat(context: Context, parts: list[Any]) -> str:
    return sandbox_of(context).glue(parts)


@pass_context
def _cut_out(context: Context, value: Any, *bounds: Any) -> Any:
    budget = sandbox_of(context).budget
    budget.spend(STEP)
    return budget.pay_made(value[slice(*bounds)])
