"""Take our fonts; import WeasyPrint with its system libraries; give the module, or say what to install."""

from __future__ import annotations

from types import ModuleType

from pipeline.problems import MACHINE_LACKS, Problem, Stop
from pipeline.write.fonts import prepare_fonts
from pipeline.write.pdf.patches import keep_notes, take_shortcuts

_INSTALL = (
    "install Pango: `apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0` (Debian, Ubuntu), "
    "`dnf install pango harfbuzz` (Fedora, RHEL) or `brew install pango` (macOS)"
)


def load_engine() -> ModuleType:
    """Return WeasyPrint, seeing our fonts only; Stop with exit code 4 where its libraries are missing."""
    # Pango reads FONTCONFIG_FILE when it is loaded, so the fonts come first.
    prepare_fonts()
    try:
        import weasyprint
    except OSError as error:
        raise Stop(
            Problem("DB401", f"PDF needs libraries that this machine lacks: {_first_line(error)}", hint=_INSTALL),
            exit_code=MACHINE_LACKS,
        ) from error
    keep_notes()
    take_shortcuts()
    module: ModuleType = weasyprint
    return module


def _first_line(error: OSError) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
