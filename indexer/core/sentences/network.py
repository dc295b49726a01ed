"""What is said about the library on the network: who may log in, what is asked for, what is not given."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

NETWORK: Sentences = {
    # Logging in. These reach strangers: they name no file and nobody.
    "login-later": (mark("Too many logins failed."), mark("Try again in {seconds} s.")),
}
