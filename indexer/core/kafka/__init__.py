"""What was played, told to a Kafka broker and heard from there; needs the extra `kafka` where an address is set."""
