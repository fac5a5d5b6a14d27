"""Take what was issued for a project; keep it as entries of a Merkle tree; give roots, proofs, findings."""
