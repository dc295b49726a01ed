"""Tells what is played to a server of the listener's choice that keeps plays as ListenBrainz does."""
