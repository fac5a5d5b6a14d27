"""Take what pydantic says of a file's values; put it into calm sentences with place and hint; give problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.model.facts import Id
from pipeline.model.kinds import KINDS
from pipeline.model.shape import field_at, keys_at, value_at
from pipeline.model.where import Source, Steps
from pipeline.problems import Place, Problem, did_you_mean

_MOST_FAULTS = 100  # of one file or record that are told in one run
NOUNS = {kind.key: kind.noun for kind in KINDS.values()} | {"team": "team member", "revisions": "revision"}
TORN = "inside { } a text with a comma or a colon has to stand in quotes"
MAPPING = "a mapping (`key: value`)"

# What is wanted, by pydantic's name of the error, and the code under which we report it.
WANTED: Mapping[str, tuple[str, str]] = {
    "date_type": ("DB204", "a date (YYYY-MM-DD)"),
    "int_type": ("DB204", "a whole number"),
    "number_type": ("DB204", "a number"),
    "finite_number": ("DB204", "a number"),
    "string_type": ("DB204", "text"),
    "bool_type": ("DB204", "true or false"),
    "tuple_type": ("DB201", "a list"),
    "dict_type": ("DB201", MAPPING),
    "model_type": ("DB201", MAPPING),
    "model_attributes_type": ("DB201", MAPPING),
}

# What is wrong, by pydantic's name of the error; its numbers are filled in.
LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("DB206", "wants at least {ge}, has {value}"),
    "less_than_equal": ("DB206", "wants at most {le}, has {value}"),
    "decimal_max_places": ("DB206", "wants at most {decimal_places} decimals, has {value}"),
    "too_short": ("DB206", "wants at least {min_length} entry, has {actual_length}"),
    "too_long": ("DB206", "wants at most {max_length} entries, has {actual_length}"),
    "string_too_long": ("DB206", "wants at most {max_length} characters"),
    "text_empty": ("DB204", "wants text, is empty"),
    "text_unprintable": ("DB204", "holds a control character, which no document can show"),
    "path_outside": ("DB206", "wants a folder beside `deedbox.yaml`, has {value}"),
    "rule_unknown": ("DB205", "is no rule whose severity can be set"),
    "bands": ("DB213", "must cover 1 to 25 in order, without gap or overlap"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what pydantic says, of which file, read as which record, called what."""

    source: Source
    model: type[BaseModel]
    noun: str
    error: ErrorDetails

    @property
    def steps(self) -> Steps:
        """Return the way to the value."""
        return tuple(step for step in self.error["loc"] if step != "[key]")

    @property
    def numbers(self) -> dict[str, Any]:
        """Return what the sentence may name: the limits and the value."""
        return {**self.error.get("ctx", {}), "value": show_value(self.error["input"])}

    def place(self) -> Place:
        """Return the place of the value."""
        return self.source.yaml.place(self.steps)

    def name(self, steps: Steps) -> str:
        """Return a name for what stands at the end of a way: "`due` of risk R-07"."""
        value = self.source.yaml.value
        whole = _name_record(self.noun, value, self.source.name)
        start, name = 0, whole if self.source.name else self.noun
        for end in range(2, len(steps) + 1):
            key, position = steps[end - 2 : end]
            if key in NOUNS and isinstance(position, int) and keys_at(self.model, steps[:end]):
                start, name = end, _name_record(NOUNS[str(key)], value_at(value, steps[:end]), str(position + 1))
        own = [str(step) for at, step in enumerate(steps) if at >= start and _is_key(value, steps[:at], step)]
        return f"`{'.'.join(own)}` of {name}" if own else name


def _name_record(noun: str, record: Any, otherwise: str) -> str:
    id = record.get("id") if isinstance(record, dict) else None
    return f"{noun} {id if isinstance(id, str) else otherwise}".strip()


def _is_key(value: Any, around: Steps, step: str | int) -> bool:
    return isinstance(step, str) or isinstance(value_at(value, around), dict)


def show_value(value: Any) -> str:
    """Return a value as a short text for a sentence."""
    if isinstance(value, str):
        return f'"{value if len(value) <= 40 else value[:37] + "…"}"'
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else str(value)[:40]


def explain_failure(
    source: Source,
    model: type[BaseModel],
    noun: str,
    failure: ValidationError,
    choose_code: Callable[[ErrorDetails], str] | None = None,
) -> tuple[Problem, ...]:
    """Return one problem for each error of a validation; `noun` says what the file is or holds.

    Files that are no source of a project have codes of their own, which `choose_code` gives.
    """
    errors = failure.errors(include_url=False)
    # Each place is looked for anew, and nobody reads thousands: what is left comes up when these are mended.
    faults = (Fault(source, model, noun, error) for error in errors[:_MOST_FAULTS])
    told = tuple(EXPLAIN.get(fault.error["type"], _explain_other)(fault) for fault in faults)
    if choose_code:
        told = tuple(replace(one, code=choose_code(error)) for one, error in zip(told, errors, strict=False))
    if len(errors) <= _MOST_FAULTS:
        return told
    message = f"{noun} has {len(errors) - _MOST_FAULTS:,} more faults, which are not listed"
    return (*told, Problem("DB336", message, source.yaml.place(()), "mend those that are listed, and build again"))


def _explain_missing(fault: Fault) -> Problem:
    if isinstance(fault.steps[-1], int):
        message = f"{fault.name(fault.steps[:-1])} wants at least {fault.steps[-1] + 1} entries"
        return Problem("DB206", message, fault.source.yaml.place(fault.steps[:-1]))
    field = field_at(fault.model, fault.steps)
    message = f"{fault.name(fault.steps[:-1])} has no `{fault.steps[-1]}`"
    hint = f"add `{fault.steps[-1]}`: {field.description}" if field and field.description else ""
    return Problem("DB203", message, fault.source.yaml.place(fault.steps[:-1]), hint)


def _explain_unknown_key(fault: Fault) -> Problem:
    key, around = str(fault.steps[-1]), fault.steps[:-1]
    place = fault.source.yaml.place(fault.steps, True)
    # A text such as `{title: find, read and copy}` falls apart into a key and further keys without values.
    torn = fault.error["input"] is None and " " in key
    hint = TORN if torn else did_you_mean(key, keys_at(fault.model, around))
    return Problem("DB202", f"unknown key `{key}` in {fault.name(around)}", place, hint)


def _explain_word(fault: Fault) -> Problem:
    message = f"{fault.name(fault.steps)} cannot be {show_value(fault.error['input'])}"
    known = str(fault.error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    hint = did_you_mean(str(fault.error["input"]), known) or f"known here: {', '.join(known)}"
    return Problem("DB205", message, fault.place(), hint)


def _explain_form(fault: Fault) -> Problem:
    field = field_at(fault.model, fault.steps)
    message = f"{fault.name(fault.steps)} is not written in its form: {show_value(fault.error['input'])}"
    told = [one.example for one in field.metadata if isinstance(one, Id)] if field else []
    example = next(iter((*told, *(field.examples or ()))), "") if field else ""
    return Problem("DB207", message, fault.place(), f"write it like {example}" if example else "")


def _explain_contradiction(fault: Fault) -> Problem:
    return Problem("DB208", f"{fault.name(fault.steps)} {fault.error['msg']}", fault.place())


def _explain_kind(fault: Fault) -> Problem:
    code, wanted = WANTED[fault.error["type"]]
    given = fault.error["input"]
    message = f"{fault.name(fault.steps)} wants {wanted}, has {show_value(given)}"
    return Problem(code, message, fault.place(), _advise_quotes(wanted, given))


def _advise_quotes(wanted: str, given: object) -> str:
    if wanted == "text":
        return "put it in quotes" if isinstance(given, int | Decimal | date) else ""
    if isinstance(given, str) and given[:1] in tuple("0123456789-"):
        return "write it without quotes"
    return ""


def _explain_limit(fault: Fault) -> Problem:
    code, sentence = LIMITS[fault.error["type"]]
    return Problem(code, f"{fault.name(fault.steps)} {sentence.format(**fault.numbers)}", fault.place())


def _explain_other(fault: Fault) -> Problem:
    message = fault.error["msg"]
    return Problem("DB204", f"{fault.name(fault.steps)}: {message[:1].lower()}{message[1:]}", fault.place())


EXPLAIN: Mapping[str, Callable[[Fault], Problem]] = {
    "missing": _explain_missing,
    "extra_forbidden": _explain_unknown_key,
    "invalid_key": _explain_unknown_key,
    "literal_error": _explain_word,
    "string_pattern_mismatch": _explain_form,
    "contradiction": _explain_contradiction,
    **dict.fromkeys(WANTED, _explain_kind),
    **dict.fromkeys(LIMITS, _explain_limit),
}
