"""Take push events of hosted Git over HTTP; prove who sent them; fetch and reconcile.

Nothing of an event is used but that it came: what is pushed is asked of Git afterwards. So the body is proved and
thrown away, never parsed, and no word of it can reach a shell, a path or the name of a ref.
"""
