"""The code of `pipeline/` and `tests/` comes in; sizes, imports and private names are counted; one table goes out.

`python -m benchmarks.house` prints what the end of docs/architecture.md says.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

import networkx as nx

ROOT = Path(__file__).resolve().parents[1]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Print the table."""
    for name, value in measure(ROOT).items():
        print(f"| {name} | {value} |")


def measure(root: Path) -> dict[str, str]:
    """Return each count with its name; functions are measured with their docstring, files with all their lines."""
    files = sorted((root / "pipeline").rglob("*.py"))
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    trees = {file: ast.parse(text) for file, text in texts.items()}
    lines = {file: text.count("\n") for file, text in texts.items()}
    functions = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, Function)]
    private = [node.name for node in functions if node.name.startswith("_") and not node.name.startswith("__")]
    used = Counter(name for text in texts.values() for name in re.findall(r"\b_[a-z]\w*", text))
    once = sum(used[name] == 2 for name in private)
    total = sum(lines.values())
    return {
        "files / lines": f"{len(files)} / {total:,}",
        "file median / p90 / longest": _spread(list(lines.values())),
        "function median / p90 / longest": _spread([(node.end_lineno or 0) - node.lineno + 1 for node in functions]),
        "private functions per 1,000 lines": f"{1000 * len(private) / total:.0f}",
        "private functions called once": f"{100 * once / len(private):.0f} %",
        "longest chain of imports": str(find_chain(root, trees)),
        "class names that mean two things": str(_count_doubles(trees)),
        "tests that stand at the path of their module": _place_tests(root),
    }


def find_chain(root: Path, trees: dict[Path, ast.Module]) -> int:
    """Return how many modules the longest chain of imports has: a circle counts once, an import in a function not."""
    files = {_name(root, file): file for file in trees}
    graph = nx.DiGraph((name, one) for name, file in files.items() for one in _imports(trees[file]) if one in files)
    return int(nx.dag_longest_path_length(nx.condensation(graph))) + 1


def _imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def _name(root: Path, file: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _spread(sizes: list[int]) -> str:
    return f"{median(sizes):.0f} / {quantiles(sizes, n=10)[-1]:.0f} / {max(sizes)}"


def _count_doubles(trees: dict[Path, ast.Module]) -> int:
    names = Counter(node.name for tree in trees.values() for node in tree.body if isinstance(node, ast.ClassDef))
    return sum(count > 1 for count in names.values())


def _place_tests(root: Path) -> str:
    tests = list((root / "tests").rglob("test_*.py"))
    inside = [one for one in tests if (root / "pipeline" / one.relative_to(root / "tests")).parent.is_dir()]
    return f"{len(inside)} of {len(tests)}"


if __name__ == "__main__":
    main()
