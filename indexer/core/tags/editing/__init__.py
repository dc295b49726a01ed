"""Changes what sound files say of themselves, without a risk to what is heard."""
