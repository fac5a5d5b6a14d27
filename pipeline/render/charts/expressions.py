"""Take an expression of a chart; read its words; give what it calls that no document may depend on, or that is unknown.

Vega calls a function by its name alone, so a list of names says all that an expression can do. The names of chance and
of clocks are looked for in the whole text besides, also where it seems to be quoted: nobody who writes a pattern that
is read in two ways gets one past us.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_CHANCE = (
    "now", "random", "sampleNormal", "sampleLogNormal", "sampleUniform", "screen", "windowSize", "containerSize",
    "timezoneoffset",
)  # fmt: skip
_NAMES = """
    isArray isBoolean isDate isDefined isNumber isObject isRegExp isString isValid isNaN isFinite toBoolean toDate
    toNumber toString if abs acos asin atan atan2 ceil clamp cos exp floor hypot log max min pow round sin sqrt tan
    densityNormal cumulativeNormal quantileNormal densityLogNormal cumulativeLogNormal quantileLogNormal
    densityUniform cumulativeUniform quantileUniform datetime date day dayofyear year quarter month week hours minutes
    seconds milliseconds time timeOffset timeSequence utc utcdate utcday utcdayofyear utcyear utcquarter utcmonth
    utcweek utchours utcminutes utcseconds utcmilliseconds utcOffset utcSequence extent inrange length lerp peek pluck
    reverse sequence slice sort span indexof lastindexof join replace split substring trim lower upper parseFloat
    parseInt pad truncate format dayFormat dayAbbrevFormat monthFormat monthAbbrevFormat timeFormat timeParse utcFormat
    utcParse timeUnitSpecifier regexp test rgb hsl lab hcl luminance contrast bandwidth copy domain range scale invert
    data indata btoa atob merge geoArea geoBounds geoCentroid
"""
_KNOWN = frozenset(_NAMES.split())
_ESCAPE = re.compile(r"\\u(?:([0-9a-fA-F]{4})|\{0*([0-9a-fA-F]{1,6})\})")
_BLANK = r"[\s\ufeff\u180e]*"
_CALL = re.compile(rf"(?<![\w$])(?:({'|'.join(_CHANCE)}){_BLANK}\(|(datetime){_BLANK}\({_BLANK}\))")
_WORDS = re.compile(
    rf"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?P<call>[A-Za-z_$][\w$]*){_BLANK}\(|[A-Za-z_$][\w$]*|[^'"]""", re.DOTALL
)
# What makes a confidence interval draws samples.
_SAMPLED = ("ci", "ci0", "ci1")
_HELD = frozenset(("expr", "signal", "update", "init", "test", "filter", "calculate", "ops", "type"))


def find_chance(text: str) -> str:
    """Return the name of what gives another value at every build, "" where an expression calls nothing such."""
    found = _CALL.search(_ESCAPE.sub(_unescape, text))
    return (found[1] or found[2]) if found else ""


def find_unknown(text: str) -> str:
    """Return the name of a function that charts do not have, "" where an expression calls none."""
    text = _ESCAPE.sub(_unescape, text)
    calls = (match["call"] for match in _WORDS.finditer(text) if match["call"])
    return next((name for name in calls if name not in _KNOWN), "")


def is_sampled(name: object) -> bool:
    """Return whether an operation or extent is worked out from samples that are drawn by chance."""
    return name in _SAMPLED if isinstance(name, str) else False


def find_chance_within(value: Any) -> str:
    """Return what in a chart as the engine reads it gives another picture at every build, "" for nothing."""
    return next(filter(None, _walk(value, "")), "")


def _walk(value: Any, key: str) -> Iterator[str]:
    waiting = [(key, value)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(str(name), below) for name, below in value.items() if name != "values"]
        elif isinstance(value, list):
            waiting += [(key, below) for below in value]
        elif isinstance(value, str) and key in _HELD:
            sampled = value if (key == "ops" and is_sampled(value)) or (key, value) == ("type", "sample") else ""
            yield sampled or find_chance(value)


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else "\ufffd"
