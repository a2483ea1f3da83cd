"""Everything that comes out: views of a plan, and the files made from them."""

from scheduler.report.plan_file import outcome_json, plan_json, read_plan
from scheduler.report.results import RESULT_FILES, write_results

__all__ = ["RESULT_FILES", "outcome_json", "plan_json", "read_plan", "write_results"]
