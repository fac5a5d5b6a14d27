"""Take a typst file, a time and a target; set it as PDF/A-3a and PDF/UA-1 in one. Run as a program of its own.

In a process where Deedbox has laid out pages, typst would find Deedbox's fonts and no others.
"""

from __future__ import annotations

import sys

import typst

if __name__ == "__main__":
    source, time, target = sys.argv[1:]
    typst.compile(source, target, pdf_standards=["a-3a", "ua-1"], timestamp=int(time))
