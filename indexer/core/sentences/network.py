"""What is said about the library on the network: who may log in, what is asked for, what is not given."""

from __future__ import annotations

from indexer.core.language import Sentences, mark

_OTHER_PORT = mark("End that program, or choose another port.")

NETWORK: Sentences = {
    # Starting to serve, said to whoever starts it.
    "server-running": (
        mark("The library in {folder} is served already."),
        mark("End that server first, or give this one a library of its own with --home."),
    ),
    "server-port-taken": (mark("Another program has port {port}."), _OTHER_PORT),
    "server-port-refused": (
        mark("The system does not let you have port {port}."),
        mark("Choose one from 1024 on."),
    ),
    "server-address": (
        mark("Nobody can be served at {address}."),
        mark("Name an address of this machine, or 0.0.0.0 for all it has."),
    ),
    "server-proxy": (
        mark("{address} is no address of a proxy."),
        mark("Name it in numbers, such as 192.168.1.2, or a network, such as 10.0.0.0/8."),
    ),
    "server-base": (
        mark("{path} is no path that a library can lie below."),
        mark("Write letters, digits, - and _ between slashes, such as /music."),
    ),
    "server-certificate-half": (
        mark("A certificate is of no use without its key, nor a key without its certificate."),
        mark("Name both, with --tls-cert and --tls-key."),
    ),
    "server-certificate-unreadable": (
        mark("{file} cannot be read."),
        mark("Name files that you may read, the certificate with --tls-cert and its key with --tls-key."),
    ),
    "server-certificate-unfit": (
        mark("{file} and {key} are no certificate and its key."),
        mark("Both have to be in PEM, without a passphrase, and belong together."),
    ),
    "server-certificate-not-made": (
        mark("No certificate can be written into {folder}."),
        mark("Check that there is space and that you may write there."),
    ),
    "server-home": (
        mark("The folder {folder} cannot be written to."),
        mark("Check that there is space and that you may write there, or name another one with --home."),
    ),
    "server-not-started": (mark("{program} could not be started."), mark("Install Segue again.")),
    "server-stopped": (
        mark("The server stopped unexpectedly ({how}): the library is not on the network."),
        mark("Switch it on again. Details are in {file}."),
    ),
    # Logging in. These reach strangers: they name no file and nobody.
    "login-later": (mark("Too many logins failed."), mark("Try again in {seconds} s.")),
}
