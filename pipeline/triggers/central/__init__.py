"""Take the branches and tags of a bare repository; publish the documents of those that its settings name; keep it so.

Nothing here trusts a message: hooks, webhooks and timers only say "look". What should be there is what Git has, what is
there is what lies in the publish folder, and one builder brings the second to the first.
"""
