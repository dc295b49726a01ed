"""What the web page asks for: JSON below /api, where each endpoint answers the listener who asks and nobody else."""
