"""Questions about a build that make no documents: why, history, figures, baselines."""
