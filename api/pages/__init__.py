"""The pages, one module each: a route, a record of what it shows, and a template.

A module that has a ``ROUTER`` is found by itself; see *How to add a page* in CONTRIBUTING.md.
"""
