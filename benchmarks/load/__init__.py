"""How fast pages are while planners click and plans are being made."""
