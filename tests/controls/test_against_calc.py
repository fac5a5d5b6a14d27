"""Take many series of amounts; let LibreOffice Calc work out NPV, IRR and MIRR too; fail where it has other answers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from office_sheet import find_calc, work_out
from test_cash_flows import Flows, flows

from pipeline.controls.cash_flows import compute_irr, compute_mirr, compute_npv

CLOSE = Decimal("0.000001")
RATES = (Decimal(0), Decimal("3.5"), Decimal(8), Decimal(25), Decimal(-10))
PUBLISHED = (
    flows(-40000, 5000, 8000, 12000, 30000),
    flows(-100, 39, 59, 55, 20),
    flows(-100, 0, 0, 74),
    flows(-150000, 15000, 25000, 35000, 45000, 60000),
    flows(-120000, 39000, 30000, 21000, 37000, 46000),
)
SEVERAL = (
    (flows(-100, 100, 0, -7), ("-0.7", "0")),
    (flows(-5, 10.5, 1, -8, 1), ("-0.85", "0.05", "0.7")),
)


def draw_flows() -> list[Flows]:
    """Return the published series, and forty uneven investments of two to twenty-one years."""
    drawn = []
    for years in range(2, 22):
        for most in (900, 3000):
            gained = (-50 + (7919 * year + 104_729 * years) % most for year in range(years))
            drawn.append(flows(-1000 - 47 * years, *gained))
    return [*PUBLISHED, *drawn]


@pytest.mark.skipif(find_calc() is None, reason="LibreOffice Calc is not installed (package libreoffice-calc-nogui)")
def test_libreoffice_calc_comes_to_the_same_figures(tmp_path: Path) -> None:
    asked: list[tuple[str, Flows, Decimal]] = []
    for at, amounts in enumerate(draw_flows()):
        rate, other = RATES[at % len(RATES)], abs(RATES[(at + 1) % len(RATES)])
        asked.append((f"{{first}}+NPV({rate / 100};{{rest}})", amounts, compute_npv(rate, amounts)))
        mirr = compute_mirr(amounts, abs(rate), other).value
        assert mirr is not None
        asked.append((f"MIRR({{all}};{abs(rate) / 100};{other / 100})", amounts, mirr / 100))
        irr = compute_irr(amounts).rate.value
        if irr is not None:
            asked.append((f"IRR({{all}};{irr / 100 + Decimal('0.01'):.4f})", amounts, irr / 100))
    for amounts, guesses in SEVERAL:
        rates = compute_irr(amounts).rates
        asked += [(f"IRR({{all}};{guess})", amounts, rate / 100) for guess, rate in zip(guesses, rates, strict=True)]
    answers = work_out([(formula, amounts) for formula, amounts, _ in asked], tmp_path)
    wrong = {
        formula: (answer, ours)
        for (formula, _, ours), answer in zip(asked, answers, strict=True)
        if abs(Decimal(answer) - ours) > CLOSE
    }
    assert wrong == {}
    assert len(asked) > 120
