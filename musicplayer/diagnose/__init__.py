"""A report for a bug: what is installed, what is set, what went wrong; and no names of people, folders or music."""

from musicplayer.diagnose.report import Report, ReportNotWritten, suggested_name, write_report

__all__ = ["Report", "ReportNotWritten", "suggested_name", "write_report"]
