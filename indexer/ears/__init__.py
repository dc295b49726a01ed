"""Networks that Python packages carry, made into files that Segue hears with; none comes with Segue."""
