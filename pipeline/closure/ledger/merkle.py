"""Take the leaves of a tree; hash them as RFC 6962 says; give its root, and proofs of a leaf or of an earlier tree.

A leaf is SHA-256(00 ‖ data), a node SHA-256(01 ‖ left ‖ right); a tree splits at the largest power of two below its
size.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of a leaf's data (RFC 6962, 2.1)."""
    return sha256(b"\0" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from those of its two subtrees (RFC 6962, 2.1)."""
    return sha256(b"\1" + left + right).digest()


def compute_root(leaves: Sequence[bytes]) -> bytes:
    """Return the hash of the tree over these leaf hashes; that of nothing where there are none."""
    peaks: list[tuple[int, bytes]] = []  # perfect subtrees from left to right: how many leaves, which hash
    for leaf in leaves:
        size, hash = 1, leaf
        while peaks and peaks[-1][0] == size:
            size, hash = size * 2, hash_node(peaks.pop()[1], hash)
        peaks.append((size, hash))
    return _join([hash for _, hash in peaks]) if peaks else EMPTY


Known = dict[tuple[int, int], bytes]


def prove_leaf(leaves: Sequence[bytes], at: int, known: Known | None = None) -> tuple[bytes, ...]:
    """Return the audit path of the leaf at a position from 0 (RFC 6962, 2.1.1); IndexError if there is none.

    `known` keeps the hashes of subtrees from one proof to the next of the same tree.
    """
    known = {} if known is None else known
    if not 0 <= at < len(leaves):
        raise IndexError(at)
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _split(end - start)
        if at < middle:
            path.append(_subtree(leaves, middle, end, known))
            end = middle
        else:
            path.append(_subtree(leaves, start, middle, known))
            start = middle
    return tuple(reversed(path))


def check_leaf(leaf: bytes, at: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether an audit path leads from a leaf hash at a position to the root of a tree of this size."""
    if not 0 <= at < size:
        return False
    hash, index, last = leaf, at, size - 1
    for part in path:
        if last == 0:
            return False
        if index % 2 or index == last:
            hash = hash_node(part, hash)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            hash = hash_node(hash, part)
        index, last = index // 2, last // 2
    return last == 0 and hash == root


def _subtree(leaves: Sequence[bytes], start: int, end: int, known: Known) -> bytes:
    if end - start == 1:
        return leaves[start]
    if (start, end) not in known:
        middle = start + _split(end - start)
        parts = (_subtree(leaves, start, middle, known), _subtree(leaves, middle, end, known))
        known[start, end] = hash_node(*parts)
    return known[start, end]


def _split(size: int) -> int:
    """Return the largest power of two below a size of at least 2."""
    return int(1 << (size - 1).bit_length() - 1)


def _join(peaks: list[bytes]) -> bytes:
    hash = peaks[-1]
    for peak in reversed(peaks[:-1]):
        hash = hash_node(peak, hash)
    return hash
