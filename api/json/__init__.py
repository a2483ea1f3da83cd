"""The same as the pages, for programs: ``/api/v1``, one module per subject.

A module that has a ``ROUTER`` is found by itself.
"""
