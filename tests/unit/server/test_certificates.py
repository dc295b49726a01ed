"""Certificates: made here, kept while they are good, made anew, and a person's own that are looked at first."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509

from indexer.core.home import Home
from musicplayer.server.certificates import (
    GOOD_FOR,
    RENEWED_BEFORE,
    CertificateUnusable,
    Tls,
    fingerprint,
    own_certificate,
    tls_context,
)

NAMES = ("localhost", "kitchen.local", "192.168.1.7", "fd00::7")
NOW = dt.datetime.now(dt.UTC)


def certificate_of(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def shown_by(tls: Tls) -> x509.Certificate:
    """The certificate that a new connection gets, without a network between the two."""
    for_client, for_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE
    client = asking.wrap_bio(for_client, for_server)
    server = tls.context.wrap_bio(for_server, for_client, server_side=True)
    for side in (client, server, client, server):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    shown = client.getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown)


def names_in(file: Path) -> set[str]:
    said = certificate_of(file).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in said}


def test_it_says_every_name_and_address(home: Home) -> None:
    certificate, _ = own_certificate(home, NAMES)
    assert names_in(certificate) == set(NAMES)


def test_its_key_is_its_owners_alone(home: Home) -> None:
    _, key = own_certificate(home, NAMES)
    if os.name != "nt":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_tls_is_spoken_with_it_and_not_below_1_2(home: Home) -> None:
    context = tls_context(*own_certificate(home, NAMES))
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_it_stays_the_same_for_browsers_that_trust_it(home: Home) -> None:
    certificate, key = own_certificate(home, NAMES)
    before = certificate.read_bytes(), key.read_bytes()
    own_certificate(home, NAMES[:2], NOW + GOOD_FOR - RENEWED_BEFORE - dt.timedelta(days=2))
    assert (certificate.read_bytes(), key.read_bytes()) == before


def test_it_is_made_anew_before_it_runs_out(home: Home) -> None:
    certificate, _ = own_certificate(home, NAMES)
    before = fingerprint(certificate)
    later = NOW + GOOD_FOR - RENEWED_BEFORE + dt.timedelta(days=1)
    own_certificate(home, NAMES, later)
    assert fingerprint(certificate) != before
    assert certificate_of(certificate).not_valid_after_utc > later + RENEWED_BEFORE


def test_a_new_address_is_added_and_those_before_stay(home: Home) -> None:
    certificate, _ = own_certificate(home, NAMES)
    own_certificate(home, ("10.1.2.3",))
    assert names_in(certificate) == {*NAMES, "10.1.2.3"}


@pytest.mark.parametrize("damaged", ["certificate_file", "certificate_key_file"])
def test_one_that_is_damaged_is_made_anew(home: Home, damaged: str) -> None:
    files = own_certificate(home, NAMES)
    Path(getattr(home, damaged)).write_bytes(b"half of")
    assert own_certificate(home, NAMES) == files
    tls_context(*files)


def test_where_it_cannot_be_written_the_folder_is_named(home: Home) -> None:
    home.certificate_key_file.mkdir(parents=True)
    with pytest.raises(CertificateUnusable) as refused:
        own_certificate(home, NAMES)
    assert str(home.data) in str(refused.value)


def test_one_that_is_replaced_is_taken_up_where_it_fits(home: Home, tmp_path: Path) -> None:
    certificate, key = own_certificate(home, NAMES)
    other_certificate, other_key = own_certificate(Home.resolve(tmp_path / "other"), NAMES)
    tls, before = Tls(certificate, key), shown_by(Tls(certificate, key))
    assert not tls.look(), "nothing has changed"
    certificate.write_bytes(other_certificate.read_bytes())
    assert not tls.look(), "its key is not there yet"
    assert shown_by(tls) == before
    key.write_bytes(other_key.read_bytes())
    assert tls.look()
    assert shown_by(tls) == x509.load_pem_x509_certificate(other_certificate.read_bytes())
    certificate.unlink()
    assert not tls.look()
    assert shown_by(tls) != before


def test_a_file_that_is_missing_is_named(home: Home, tmp_path: Path) -> None:
    certificate, _ = own_certificate(home, NAMES)
    with pytest.raises(CertificateUnusable) as refused:
        tls_context(certificate, tmp_path / "none.pem")
    assert f"{tmp_path / 'none.pem'} cannot be read" in str(refused.value)


def test_a_key_of_another_certificate_is_refused(home: Home, tmp_path: Path) -> None:
    certificate, _ = own_certificate(home, NAMES)
    _, other = own_certificate(Home.resolve(tmp_path / "other"), NAMES)
    with pytest.raises(CertificateUnusable) as refused:
        tls_context(certificate, other)
    assert "belong together" in str(refused.value)
