"""Models of taste that Spark makes of many listeners' histories; NumPy answers from what it writes."""
