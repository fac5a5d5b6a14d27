"""Take a copy of the sample under watch; save a report's text again and again; print how long its PDF takes.

    .venv/bin/python benchmarks/save_to_pdf.py [FORMATS]

Beside it WeasyPrint lays out and writes the same report alone, warm, from the same HTML and CSS, in turn with the
saves. The reach is that median and 0.4 s, of which 0.25 s are the quiet that a watch waits for. It ends with 1 if it is
missed.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import pages
from pages import ROOT, ask, read_report

from benchmarks.measure import hear_interrupts

MORE = 0.4  # seconds
RUNS = 9
REPORT, SOURCE = "atlas/progress-report-2026-03", "atlas/reports/2026-03.md"  # six pages, with charts


def start_alone(folder: Path) -> subprocess.Popen[str]:
    """Start WeasyPrint alone, as `pages.py` does."""
    from pipeline.write.fonts import prepare_fonts
    from pipeline.write.pdf.engine import load_engine
    from pipeline.write.pdf.layout import write_source

    prepare_fonts()
    pages.REPORT = REPORT
    document, theme = read_report()
    load_engine()
    source = write_source(document, theme, [])
    plain = (source.html, source.shared_css + source.own_css, tuple(document.assets.values()))
    file = folder / "report.pickle"
    file.write_bytes(pickle.dumps((document, theme, plain)))
    words = [sys.executable, str(Path(__file__).with_name("pages.py")), "alone", str(file)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def copy_sample(folder: Path, formats: str) -> Path:
    """Return a repository with one project of the sample in it, committed; of its reports only the one that is saved.

    The others would be drafts after the first save, and keep the watch busy behind it for a minute.
    """
    root = folder / "papers"
    shutil.copytree(ROOT / "repository", root, ignore=shutil.ignore_patterns("build", ".deedbox", "beacon"))
    settings = root / "deedbox.yaml"
    text = settings.read_text().replace("formats: [docx, pdf]", f"formats: [{formats}]")
    settings.write_text(text.replace("projects: [atlas, beacon]", "projects: [atlas]"))
    for file in (root / "atlas").glob("reports/*.md"):
        if file != root / SOURCE:
            file.unlink()
    name = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    for words in (["init", "--quiet"], ["add", "--all"], [*name, "commit", "--quiet", "--message", "Begin"]):
        subprocess.run(["git", "-C", str(root), *words], check=True)
    return root


def start_watch(root: Path) -> subprocess.Popen[str]:
    """Start a watch and wait until it has built all."""
    words = [sys.executable, "-I", "-m", "pipeline", "watch", "--format", "jsonl", "-C", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    watch = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    wait_for_whole(watch)
    return watch


def wait_for_whole(watch: subprocess.Popen[str]) -> None:
    assert watch.stdout
    for line in watch.stdout:
        event = json.loads(line)
        if event["event"] == "built" and event["whole"]:
            assert not event["exit_code"], event["problems"]
            return


def save(root: Path, number: int) -> float:
    """Return the seconds from a save until the PDF in its place is another one."""
    pdf, source = root / "build" / f"{REPORT}.pdf", root / SOURCE
    before = pdf.stat().st_ino
    text = source.read_text()
    begun = time.monotonic()
    source.write_text(f"{text}\nA sentence more, the {number}th.\n")
    while pdf.stat().st_ino == before:
        time.sleep(0.002)
    return time.monotonic() - begun


def main(formats: str) -> int:
    hear_interrupts()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone, root = start_alone(folder), copy_sample(folder, formats)
        watch = start_watch(root)
        save(root, 0)
        time.sleep(
            60 if len(sys.argv) < 3 else float(sys.argv[2])
        )  # the whole build behind the first: all become drafts
        pairs = []
        for number in range(1, RUNS + 1):
            begun = time.monotonic()
            ask(alone)
            bare = time.monotonic() - begun
            pairs.append((bare, save(root, number)))
            time.sleep(4)  # the whole build behind it
        watch.send_signal(signal.SIGINT)
        watch.communicate()
        alone.communicate()
    bare, saved = (statistics.median(pair[at] for pair in pairs) for at in (0, 1))
    best = [min(pair[at] for pair in pairs) for at in (0, 1)]
    print(f"alone {bare:.2f} s ({best[0]:.2f} at best), from save to PDF {saved:.2f} s ({best[1]:.2f} at best)")
    print(f"that is {saved - bare:+.2f} s ({MORE} at most), formats {formats}")
    return int(saved - bare > MORE)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "pdf"))
