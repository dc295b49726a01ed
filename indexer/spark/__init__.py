"""What Spark does: learning the transform, hashing, and finding neighbours, on one machine or many."""
