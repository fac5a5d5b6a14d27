"""Take the values that YAML knows; narrow them to texts, days, numbers and scores; give the base of all records."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
# An amount such as 1e999999 is a valid YAML number whose digits would fill the memory once written out.
LARGEST = 10**12
CURRENCY = r"^[A-Z]{3}$"

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Record(BaseModel):
    """Something that is written down in YAML: frozen, with no keys but its own."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,  # validators take long to make: only those of subjects that a project has
        field_title_generator=lambda name, _: name.replace("_", " ").capitalize(),
    )


def _check_text(text: str) -> str:
    if _UNPRINTABLE.search(text):
        raise PydanticCustomError("text_unprintable", "holds a control character, which no document can show")
    if not text.strip():
        raise PydanticCustomError("text_empty", "is empty")
    return text.strip()


def check_number(value: Any) -> Any:
    """Return a value that is a number, and no truth value."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("number_type", "wants a number")
    return value


def _number_schema(**limits: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", **limits})


_Number = Annotated[Decimal, BeforeValidator(check_number)]
_AMOUNT = Field(decimal_places=2, le=LARGEST, allow_inf_nan=False)

Text = Annotated[str, Strict(), AfterValidator(_check_text), WithJsonSchema({"type": "string", "minLength": 1})]
Reference = Text
Day = Annotated[date, Strict(), Field(ge=FIRST_DAY, le=LAST_DAY)]
Flag = Annotated[bool, Strict()]
Score = Annotated[int, Strict(), Field(ge=1, le=5)]
Year = Annotated[int, Strict(), Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
Whole = Annotated[int, Strict(), Field(ge=-36_500, le=36_500)]
Money = Annotated[_Number, _AMOUNT, Field(ge=0), _number_schema(minimum=0)]
SignedMoney = Annotated[_Number, _AMOUNT, Field(ge=-LARGEST), _number_schema()]
Percent = Annotated[_Number, Field(ge=0, le=100, decimal_places=4), _number_schema(minimum=0, maximum=100)]
Quantity = Annotated[_Number, Field(ge=0, le=LARGEST, decimal_places=4), _number_schema(minimum=0)]
"""Days of work or of duration: never negative, parts of a day allowed."""


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return a sort key under which R-2 comes before R-10."""
    parts = re.split("([0-9]+)", text)
    return tuple((len(part.lstrip("0")) if odd % 2 else 0, part) for odd, part in enumerate(parts))
