"""A report for a bug: what is installed, what is set, what went wrong; and no names of people, folders or music."""
