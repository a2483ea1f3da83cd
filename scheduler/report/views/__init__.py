"""Views: what readers want to know, computed from a problem and its plan as typed rows.

Pure functions; no view formats anything.
"""
