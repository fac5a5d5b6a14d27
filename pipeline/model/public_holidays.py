"""Take a country, a part of it and a year; ask the library `holidays`; give the public holidays as dates.

The answer depends on the version of that library and on nothing else: the lock file pins it. Days that a government
may still move are as that version knows them.
"""

from __future__ import annotations

from datetime import date
from functools import cache


@cache
def list_countries() -> dict[str, tuple[str, ...]]:
    """Return the countries whose public holidays are known (ISO 3166), each with the parts that differ."""
    from holidays.utils import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in sorted(known.items())}


@cache
def list_public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Return the public holidays of a year; none for a country or part that is not known."""
    from holidays.utils import country_holidays

    if subdivision not in (None, *list_countries().get(country, ())) or country not in list_countries():
        return frozenset()
    # The language only names the days; unless it is set, the environment decides.
    return frozenset(country_holidays(country, subdiv=subdivision, years=year, language="en_US"))
