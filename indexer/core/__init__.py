"""What player, server and indexer share: values, store, model, catalogue, rules; no Qt, no Spark, no librosa."""
