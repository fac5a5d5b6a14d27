"""Take the published vectors of RFC 6962 trees, and trees of any size; compare roots; prove leaves and growth."""

from __future__ import annotations

from hashlib import sha256

import pytest

from pipeline.closure.ledger.merkle import (
    check_leaf,
    compute_root,
    hash_leaf,
    hash_node,
    prove_leaf,
)

LEAVES = [
    hash_leaf(bytes.fromhex(data))
    for data in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_the_published_ones(size: int) -> None:
    assert compute_root(LEAVES[:size]).hex() == ROOTS[size]


def slow_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hash_node(slow_root(leaves[:half]), slow_root(leaves[half:]))


def some_leaves(size: int) -> list[bytes]:
    return [hash_leaf(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(34))
def test_roots_follow_the_definition(size: int) -> None:
    assert compute_root(some_leaves(size)) == slow_root(some_leaves(size))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21, 33])
def test_every_leaf_is_proved_and_nowhere_else(size: int) -> None:
    leaves = some_leaves(size)
    root = compute_root(leaves)
    for at in range(size):
        path = prove_leaf(leaves, at)
        assert check_leaf(leaves[at], at, size, path, root)
        assert not check_leaf(hash_leaf(b"another"), at, size, path, root)
        assert not check_leaf(leaves[at], at, size, (*path, root), root)
        assert not any(check_leaf(leaves[at], other, size, path, root) for other in range(size) if other != at)


def test_positions_outside_the_tree_are_refused() -> None:
    leaves = some_leaves(3)
    with pytest.raises(IndexError):
        prove_leaf(leaves, 3)
    assert not check_leaf(leaves[0], 3, 3, (), compute_root(leaves))
