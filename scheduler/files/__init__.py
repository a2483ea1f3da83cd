"""Problems in and out: folders of CSV files with a plan.toml, and Excel workbooks."""

from scheduler.files.canonical import canonical_sha256
from scheduler.files.reading import read_problem
from scheduler.files.template import write_template
from scheduler.files.writing import write_problem

__all__ = ["canonical_sha256", "read_problem", "write_problem", "write_template"]
