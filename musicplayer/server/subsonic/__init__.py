"""OpenSubsonic 1.16.1: the API that Subsonic apps speak, answered for one listener at a time."""
