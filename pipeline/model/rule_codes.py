"""Take nothing; list the rules whose severity deedbox.yaml may set; give their codes in order.

They are those whose breach leaves every figure computable. What would make a document wrong stays an error.
"""

from __future__ import annotations

SETTABLE: tuple[str, ...] = (
    "DB221",
    "DB227",
    "DB234",
    "DB235",
    "DB236",
    "DB237",
    "DB238",
    "DB239",
    "DB241",
    "DB242",
    "DB246",
    "DB248",
    "DB252",
    "DB253",
    "DB254",
    "DB260",
    "DB261",
    "DB262",
    "DB263",
    "DB264",
    "DB265",
    "DB266",
    "DB267",
    "DB268",
    "DB269",
    "DB270",
    "DB277",
    "DB306",
    "DB282",
    "DB288",
    "DB290",
    "DB291",
)
