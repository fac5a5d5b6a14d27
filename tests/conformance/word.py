"""Take Word files; let two validators judge the package and its XML; give their verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from tests.conformance.files import Made
from tests.conformance.judges import Missing, Verdict

_INSTALL = "make setup"
_SHOWN = 3


def judge_schema(made: Sequence[Made]) -> list[Verdict]:
    """Return what openxml-audit, a port of Microsoft's own validator, finds."""
    try:
        from openxml_audit import OpenXmlValidator
    except ImportError as error:
        raise Missing("openxml-audit", _INSTALL) from error
    verdict = Verdict("openxml-audit")
    for one in made:
        # A validator remembers the parts of the file before: a new one for each.
        result = OpenXmlValidator().validate(one.files["docx"])
        verdict.take(one.name, [str(finding) for finding in result.errors][:_SHOWN])
    return [verdict]


def judge_integrity(made: Sequence[Made]) -> list[Verdict]:
    """Return what ooxml-integrity finds: references that lead nowhere, parts that contradict each other."""
    try:
        from ooxml_integrity import check
    except ImportError as error:
        raise Missing("ooxml-integrity", _INSTALL) from error
    verdict = Verdict("ooxml-integrity")
    for one in made:
        verdict.take(one.name, [str(finding) for finding in check(str(one.files["docx"]))][:_SHOWN])
    return [verdict]
