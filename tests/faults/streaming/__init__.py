"""Kill -9 of broker, consumers, Spark, player and server while plays stream through them, and the books of it."""
