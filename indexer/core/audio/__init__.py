"""Files of sound: found, decoded to samples, and where in them there is sound."""
