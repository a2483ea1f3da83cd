"""``plan.xlsx``: a sheet for each reader."""

from scheduler.report.workbook.book import plan_workbook

__all__ = ["plan_workbook"]
