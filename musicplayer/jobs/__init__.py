"""The indexer as a process: started, steered and watched."""
