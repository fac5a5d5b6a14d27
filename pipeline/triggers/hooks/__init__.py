"""Take what Git says after a commit, merge, checkout or rebase; build what is committed, in the background; record it.

Git is the queue: a hook only says "look". The builder compares what is committed with what was built, builds, records,
and looks again, so that no hook that was lost, late or killed can make more than a delay.
"""
