"""Take the scripts of the Action, the GitLab template and the pre-commit hook; run them as their hosts do; look."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hook_world import BROKEN, FILES, World, read_tree

ROOT = Path(__file__).parents[3]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
GITLAB = yaml.safe_load((ROOT / "docs/deploy/gitlab-ci.yml").read_text())["documents"]
(PRE_COMMIT,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.environment["PATH"] = f"{Path(sys.executable).parent}:{world.environment['PATH']}"
    return world


def act(world: World, workspace: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run the Action's own build step, as GitHub's runner does, with these inputs and the defaults of the others."""
    inputs = {name: str(one["default"]) for name, one in ACTION["inputs"].items()} | given
    (step,) = (step for step in ACTION["runs"]["steps"] if step.get("name") == "Build the documents")
    variables = {
        name: inputs[text.removeprefix("${{ inputs.").removesuffix(" }}")] for name, text in step["env"].items()
    }
    script = world.folder / "step.sh"
    script.write_text(step["run"])
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
    github = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(workspace)}
    return world.run(*command, cwd=workspace, **github, **variables)


def check_out(world: World, papers: Path, *words: str) -> Path:
    """Return a checkout as hosts make it: no branch, only a commit."""
    workspace = world.folder / "a workspace"
    world.git(world.folder, "clone", "--quiet", *words, f"file://{papers}", workspace)
    world.git(workspace, "checkout", "--quiet", "--detach")
    return workspace


def test_action_builds_what_is_checked_out_where_the_upload_looks(world: World) -> None:
    papers = world.make("papers")
    workspace = check_out(world, papers)
    done = act(world, workspace)
    assert done.returncode == 0, done.stderr
    assert "::warning::" not in done.stdout
    assert read_tree(workspace / ACTION["inputs"]["output"]["default"]) == world.build_cleanly(papers, "main")


def test_action_takes_a_folder_of_the_repository_and_any_place_for_its_output(world: World) -> None:
    papers = world.make("papers", {f"the papers/{path}": text for path, text in FILES.items()})
    workspace, output = check_out(world, papers), world.folder / "out"
    clean = world.build_cleanly(papers / "the papers", "main")
    assert act(world, workspace, directory="the papers", output=str(output)).returncode == 0
    assert read_tree(output) == clean
    assert act(world, workspace, directory="the papers", output="to/here").returncode == 0
    assert read_tree(workspace / "to/here") == clean


def test_action_warns_of_a_shallow_checkout_and_fails_where_sources_are_wrong(world: World) -> None:
    papers = world.make("papers")
    world.commit(papers, {"atlas/project.yaml": BROKEN})
    done = act(world, check_out(world, papers, "--depth=1"))
    assert done.returncode == 1
    assert "::warning::the checkout is shallow" in done.stdout
    assert "atlas/project.yaml:" in done.stderr


@pytest.mark.parametrize(("strict", "code"), [("true", 1), ("false", 0)])
def test_action_can_take_warnings_as_errors(world: World, strict: str, code: int) -> None:
    workspace = check_out(world, world.make("papers"))
    assert act(world, workspace, strict=strict).returncode == code


@pytest.mark.parametrize("secret", ["a-secret-of-the-job", ""])
def test_gitlab_builds_the_commit_of_the_pipeline_where_the_artifact_is_taken(world: World, secret: str) -> None:
    """Branches that are not protected get no secret, and build without what others have kept."""
    papers = world.make("papers")
    workspace = check_out(world, papers)
    given = {"CI": "true", "CI_PROJECT_DIR": str(workspace), "CI_COMMIT_SHA": world.head(papers)}
    given |= {"DEEDBOX_REMOTE_SECRET": secret} if secret else {}
    variables = {
        name: text.replace("$CI_PROJECT_DIR", str(workspace)) for name, text in GITLAB["variables"].items()
    } | given
    script = "\n".join(["set -eo pipefail", *GITLAB["script"]])
    done = world.run("bash", "-c", script, cwd=workspace, **variables)
    assert done.returncode == 0, done.stderr
    (output,) = GITLAB["artifacts"]["paths"]
    assert read_tree(workspace / output) == world.build_cleanly(papers, "main")
    caches = [path for path in workspace.iterdir() if path.name == GITLAB["cache"]["paths"][0].rstrip("/")]
    assert [path.name for cache in caches for path in cache.iterdir()] == (["deedbox"] if secret else [])


@pytest.mark.parametrize(("project", "code"), [(FILES["atlas/project.yaml"], 0), (BROKEN, 1)])
def test_pre_commit_refuses_wrong_sources(world: World, project: str, code: int) -> None:
    papers = world.make("papers")
    (papers / "atlas/project.yaml").write_text(project)
    done = world.run(*shlex.split(PRE_COMMIT["entry"]), cwd=papers)
    assert done.returncode == code
    assert not (papers / "build").exists()
