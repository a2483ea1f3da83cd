"""Ungeplan's core: who starts where and when, how good that is, and why."""
