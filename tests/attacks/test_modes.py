"""A careless umask comes in; a build runs under it; what builds believe lies out of everybody else's reach."""

from __future__ import annotations

import subprocess
from pathlib import Path

from attack_world import DEEDBOX, check_calm, make_victim


def test_what_builds_believe_is_for_their_user_alone_whatever_the_umask(tmp_path: Path) -> None:
    victim = make_victim(tmp_path)
    cache = tmp_path / "made" / "cache"
    done = subprocess.run(
        ["/bin/sh", "-c", 'umask 000; exec "$0" "$@"', DEEDBOX, "build", "-C", str(victim.root), "--to", "html"],
        env={**victim.environment, "DEEDBOX_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    check_calm(done, 0)
    assert "warning" not in done.stderr
    stores = [path for path in (cache / "stores").iterdir() if path.is_dir()]
    own = (cache, cache / "stores", cache / "outputs", *stores)
    assert stores and {path.stat().st_mode & 0o777 for path in own} == {0o700}
