"""Take figures, dates and texts; write them in three languages; check each as a reader of that language expects it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.views.records import Record
from pipeline.render.words import Words, find_locale

EN, DE, FR = Words("en"), Words("de"), Words("fr")
NB, THIN = "\u00a0", "\u202f"
DAY = date(2026, 9, 3)

SAID = {
    "money": (EN.money(Decimal("780000")), f"780,000{NB}EUR"),
    "money in German": (DE.money(780000), f"780.000{NB}EUR"),
    "money in French": (FR.money(780000), f"780{THIN}000{NB}EUR"),
    "money with cents": (EN.money(Decimal("1234.5"), 2), f"1,234.50{NB}EUR"),
    "money with cents in German": (DE.money(Decimal("1234.5"), 2), f"1.234,50{NB}EUR"),
    "money owed": (EN.money(-1234), f"−1,234{NB}EUR"),
    "money of another currency": (Words("en", "XTS").money(1), f"1{NB}XTS"),
    "money of an integer": (EN.money(0), f"0{NB}EUR"),
    "amount": (EN.amount(Decimal("1234567.89")), "1,234,568"),
    "thousands": (EN.thousands(780499), f"780 thousand{NB}EUR"),
    "thousands with decimals": (EN.thousands(780499, 1), f"780.5 thousand{NB}EUR"),
    "thousands below one": (EN.thousands(-400), f"0 thousand{NB}EUR"),
    "percent": (EN.percent(Decimal("62.4")), f"62{NB}%"),
    "percent with decimals": (DE.percent(Decimal("62.45"), 1), f"62,4{NB}%"),
    "signed": (EN.signed(19), "+19"),
    "signed below": (EN.signed(-3), "−3"),
    "signed zero": (EN.signed(0), "0"),
    "signed nearly zero": (EN.signed(Decimal("0.4")), "0"),
    "signed nearly zero below": (EN.signed(Decimal("-0.4")), "0"),
    "number": (EN.number(Decimal("1234.5678")), "1,234.568"),
    "number without decimals": (EN.number(Decimal("20.00")), "20"),
    "number in German": (DE.number(Decimal("1234.5")), "1.234,5"),
    "number in French": (FR.number(Decimal("1234.5")), f"1{THIN}234,5"),
    "number below zero": (EN.number(Decimal("-0.0004")), "0"),
    "number of a float": (EN.number(0.1 + 0.2), "0.3"),
    "days": (EN.days(19), "19 days"),
    "one day": (EN.days(1), "1 day"),
    "no days": (EN.days(0), "0 days"),
    "plural": (EN.plural(4, "risk"), "4 risks"),
    "one": (EN.plural(1, "risk"), "1 risk"),
    "plural of its own": (EN.plural(2, "entry", "entries"), "2 entries"),
    "plural of many": (EN.plural(1200, "risk"), "1,200 risks"),
    "date": (EN.date(DAY), "3 September 2026"),
    "date in German": (DE.date(DAY), "3. September 2026"),
    "date in French": (FR.date(DAY), "3 septembre 2026"),
    "date in American English": (Words("en-US").date(DAY), "3 September 2026"),
    "short date": (EN.short_date(DAY), "3 Sep 2026"),
    "short date in German": (DE.short_date(DAY), "03.09.2026"),
    "short date in French": (FR.short_date(DAY), "3 sept. 2026"),
    "month": (EN.month(DAY), "September 2026"),
    "month in French": (FR.month(DAY), "septembre 2026"),
    "no date": (EN.date(None), "–"),
    "term": (EN.term("waiting_for_approval"), "Waiting for approval"),
    "no term": (EN.term(None), "–"),
    "plain nothing": (EN.plain(None), "–"),
    "plain empty text": (EN.plain(""), "–"),
    "plain empty list": (EN.plain(()), "–"),
    "plain yes": (EN.plain(True), "yes"),
    "plain no": (EN.plain(False), "no"),
    "plain day": (EN.plain(DAY), "3 Sep 2026"),
    "plain number": (EN.plain(1234), "1,234"),
    "plain fraction": (EN.plain(2.5), "2.5"),
    "plain list": (EN.plain(("a", 2, None)), "a, 2, –"),
    "plain person": (EN.plain(Record("person", {"id": "a.b", "name": "Ann Owner"})), "Ann Owner"),
    "plain text": (EN.plain("100 %(x)s %"), "100 %(x)s %"),
    "said": (EN.say("%(part)s of %(all)s", part=3, all=1200), "3 of 1,200"),
    "said without values": (EN.say("100 %"), "100 %"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_value_is_written_as_its_reader_expects(name: str) -> None:
    made, expected = SAID[name]
    assert made == expected


HALVES = {"0.5": "0", "1.5": "2", "2.5": "2", "3.5": "4", "-0.5": "0", "-1.5": "−2", "-2.5": "−2", "2.51": "3"}


@pytest.mark.parametrize("value", HALVES)
def test_halves_go_to_the_even_neighbour_in_every_format(value: str) -> None:
    expected = HALVES[value]
    assert EN.amount(Decimal(value)) == expected
    assert EN.number(Decimal(value), 0) == expected
    assert EN.percent(Decimal(value)) == f"{expected}{NB}%"
    assert EN.signed(Decimal(value)).removeprefix("+") == expected
    assert EN.thousands(Decimal(value) * 1000).startswith(f"{expected} thousand")


def test_amount_is_rounded_once_and_not_midway() -> None:
    assert EN.thousands(Decimal("499.6")) == f"0 thousand{NB}EUR"
    assert EN.thousands(Decimal("1499.6")) == f"1 thousand{NB}EUR"
    assert EN.amount(Decimal("0.4999999999")) == "0"


@given(st.decimals(-(10**12), 10**12, places=2), st.integers(0, 2))
def test_written_amount_is_the_amount_within_half_a_digit(amount: Decimal, decimals: int) -> None:
    written = EN.amount(amount, decimals).replace(",", "").replace("−", "-")
    assert abs(Decimal(written) - amount) * 2 <= Decimal(1).scaleb(-decimals)
    assert written != "-0"


@pytest.mark.parametrize("value", ["many", "", None, (), "1,5"])
def test_money_of_what_is_no_number_says_so(value: object) -> None:
    for write in (EN.money, EN.number, EN.percent, EN.signed, EN.thousands):
        with pytest.raises(ValueError, match="is no number"):
            write(value)


def test_decimals_without_end_are_refused_before_they_are_made() -> None:
    for write in (EN.money, EN.number, EN.percent, EN.thousands):
        with pytest.raises(ValueError, match="decimals"):
            write(1, 999_999_999)


@pytest.mark.parametrize("value", [object(), [[1]], {"a": 1}, (x for x in ()), EN.plain])
def test_what_has_no_words_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be printed"):
        EN.plain(value)


def test_only_known_languages_are_found() -> None:
    assert [find_locale(name) is not None for name in ("en", "de-AT", "zh-Hant-TW", "xx", "e", "")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    assert Words("xx").money(1234) == f"1,234{NB}EUR"
