"""Jobs, the model and what is amiss with files, as a person sees them."""
