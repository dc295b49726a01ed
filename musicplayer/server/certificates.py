"""Certificates for TLS: one of a person's own, or one that is made here and that no authority vouches for.

Nobody can pretend to be the server to a browser that has once accepted a certificate, so that it is kept for as long as
it is good: it says all names and addresses that this machine ever had, and is made anew when it is about to run out.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.core.errors import SegueError
from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, GeneralName

_log = logging.getLogger(__name__)

GOOD_FOR = dt.timedelta(days=397)
"""Browsers take none that is good for longer than 398 days."""
RENEWED_BEFORE = dt.timedelta(days=30)
_CLOCKS_DIFFER = dt.timedelta(days=1)


class CertificateUnusable(SegueError):
    """A certificate or its key cannot be used."""


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """What TLS is spoken with, from version 1.2 on.

    Raises:
        CertificateUnusable: a file cannot be read, is none, wants a passphrase, or the two do not belong together.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for file in (certificate, key):
        try:
            file.read_bytes()
        except OSError as error:
            raise CertificateUnusable("server-certificate-unreadable", file=file, detail=error.strerror) from error
    try:
        context.load_cert_chain(certificate, key, password=lambda: b"")  # without one it would ask at the terminal
    except (ssl.SSLError, ValueError) as error:
        raise CertificateUnusable(
            "server-certificate-unfit", file=certificate, key=key, detail=_reason(error)
        ) from error
    return context


class Tls:
    """What TLS is spoken with, while a program that renews certificates may replace the files.

    Attributes:
        context: for new connections; those that are open keep the certificate that they began with.
    """

    def __init__(self, certificate: Path, key: Path) -> None:
        """Take what the files hold.

        Raises:
            CertificateUnusable: as for `tls_context`.
        """
        self._files = certificate, key
        self._seen = self._content()
        self.context = tls_context(certificate, key)

    @property
    def fingerprint(self) -> str:
        """Of the certificate, as `fingerprint` gives it."""
        return fingerprint(self._files[0])

    def look(self) -> bool:
        """Go on with what the files hold, if that is other than before and fits together; whether it is so."""
        content = self._content()
        if content == self._seen:
            return False
        try:
            tls_context(*self._files)
        except CertificateUnusable as error:
            _log.warning("the certificate of before stays in use: %s", error.code)
            return False
        self.context.load_cert_chain(*self._files, password=lambda: b"")
        self._seen = content
        return True

    def _content(self) -> tuple[bytes, ...]:
        try:
            return tuple(file.read_bytes() for file in self._files)
        except OSError:
            return ()


def own_certificate(home: Home, names: Iterable[str], now: dt.datetime | None = None) -> tuple[Path, Path]:
    """Files of a certificate for these names and addresses and of its key: those there are, or new ones.

    Raises:
        CertificateUnusable: they cannot be written.
    """
    certificate, key = home.certificate_file, home.certificate_key_file
    moment = now or dt.datetime.now(dt.UTC)
    wanted = {_general_name(name) for name in names}
    known = _known(certificate, key)
    said = set() if known is None else _names_of(known)
    if known is not None and wanted <= said and known.not_valid_after_utc - moment > RENEWED_BEFORE:
        return certificate, key
    try:
        _make(certificate, key, wanted | said, moment)
    except OSError as error:
        raise CertificateUnusable(
            "server-certificate-not-made", folder=certificate.parent, detail=error.strerror
        ) from error
    _log.info("a certificate was made, good until %s", (moment + GOOD_FOR).date().isoformat())
    return certificate, key


def fingerprint(certificate: Path) -> str:
    """SHA-256 of a certificate as browsers show it, to be compared when one asks whether to go on."""
    from cryptography import x509  # noqa: PLC0415 - see `_make`
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return ":".join(f"{byte:02X}" for byte in found.fingerprint(SHA256()))


def _make(certificate: Path, key: Path, names: set[GeneralName], now: dt.datetime) -> None:
    """Write both; the key first, so that there is never a certificate without it."""
    from cryptography import x509  # noqa: PLC0415 - a tenth of a second that only TLS needs
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415

    secret = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Segue")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    made = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + GOOD_FOR)
        .add_extension(x509.SubjectAlternativeName(sorted(names, key=str)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=False)
        .sign(secret, SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    write_atomically(key, secret.private_bytes(serialization.Encoding.PEM, *form), durable=True)
    write_atomically(certificate, made.public_bytes(serialization.Encoding.PEM), durable=True)


def _known(certificate: Path, key: Path) -> Certificate | None:
    """The certificate that is there, if it is one that its key belongs to."""
    from cryptography import x509  # noqa: PLC0415 - see `_make`

    try:
        tls_context(certificate, key)
        return x509.load_pem_x509_certificate(certificate.read_bytes())
    except (CertificateUnusable, OSError, ValueError):
        return None


def _names_of(certificate: Certificate) -> set[GeneralName]:
    from cryptography import x509  # noqa: PLC0415 - see `_make`

    try:
        return set(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        return set()


def _general_name(name: str) -> GeneralName:
    from cryptography import x509  # noqa: PLC0415 - see `_make`

    try:
        return x509.IPAddress(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode("ascii") if not name.isascii() else name)


def _reason(error: Exception) -> str:
    return getattr(error, "reason", None) or str(error)
