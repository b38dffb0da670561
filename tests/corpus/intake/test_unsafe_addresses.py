"""No connection leaves for an address that is not public, however it is written, named, redirected to or changed."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ssrfguard import Address

from corpus.intake import IntakeError
from corpus.intake.address import addresses_of, check_url, connect_to
from corpus.intake.fetch import fetch
from tests.support.hostile.urls import FORBIDDEN, UNSAFE
from tests.support.hostile.web import PUBLIC, Web, answer, redirect


def test_there_are_enough_unsafe_forms() -> None:
    assert len(set(UNSAFE)) >= 250
    assert len(set(FORBIDDEN)) >= 50


@pytest.mark.parametrize("url", UNSAFE, ids=ascii)
def test_an_unsafe_address_is_refused_before_any_connection(url: str) -> None:
    web = Web(answer(b"secret"))
    with pytest.raises(IntakeError) as refused:
        fetch(url, resolve=web.resolve, connect=web.connect)
    assert web.connected == []
    assert refused.value.do
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("url", [url for url in UNSAFE if not set(url) & set("\r\n\x00")], ids=ascii)
def test_a_redirect_to_an_unsafe_address_is_not_followed(url: str) -> None:
    web = Web(redirect(url), *[answer(b"secret", 404)] * 9)
    with pytest.raises(IntakeError):
        fetch("http://example.com/", resolve=web.resolve, connect=web.connect)
    assert set(web.connected) == {PUBLIC}, "a relative form may lead to the same site again, and nowhere else"


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_that_means_a_forbidden_address_is_refused(address: str) -> None:
    web = Web(answer(b"secret"), names={"example.com": [[address]]})
    with pytest.raises(IntakeError, match="公開"):
        fetch("http://example.com/", resolve=web.resolve, connect=web.connect)
    assert web.connected == []


@pytest.mark.parametrize("address", FORBIDDEN)
@pytest.mark.parametrize("first", [True, False])
def test_one_forbidden_address_among_public_ones_refuses_the_name(address: str, first: bool) -> None:
    mixed = [address, PUBLIC] if first else [PUBLIC, address]
    web = Web(answer(b"secret"), names={"example.com": [mixed]})
    with pytest.raises(IntakeError):
        fetch("http://example.com/", resolve=web.resolve, connect=web.connect)
    assert web.connected == []


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_that_changes_its_address_after_the_check_gains_nothing(address: str) -> None:
    web = Web(answer(b"page"), names={"example.com": [[PUBLIC], [address]]})
    assert fetch("http://example.com/", resolve=web.resolve, connect=web.connect).data == b"page"
    assert web.looked_up == ["example.com"], "there is no second look-up that could be lied to"
    assert web.connected == [PUBLIC]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_that_changes_its_address_between_hops_is_refused(address: str) -> None:
    web = Web(redirect("/next"), answer(b"secret"), names={"example.com": [[PUBLIC], [address]]})
    with pytest.raises(IntakeError):
        fetch("http://example.com/", resolve=web.resolve, connect=web.connect)
    assert web.connected == [PUBLIC]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_the_connection_itself_checks_once_more(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    forged = Address(family, (address, 9), ipaddress.ip_address(address), "example.com")
    with pytest.raises(IntakeError, match="公開"):
        connect_to([forged], 0.1)


@given(st.ip_addresses())
def test_nothing_that_the_standard_library_calls_local_is_let_through(address: ipaddress.IPv4Address) -> None:
    web = Web(names={"example.com": [[str(address)]]})
    try:
        addresses_of(check_url("http://example.com/"), web.resolve)
    except IntakeError:
        return
    assert address.is_global
    assert not (address.is_multicast or address.is_reserved)


def test_public_addresses_are_let_through() -> None:
    for address in ("1.1.1.1", "8.8.8.8", "140.112.8.116", "2404:6800:4012::200e", "2001:b000:168::1"):
        web = Web(names={"example.com": [[address]]})
        (found,) = addresses_of(check_url("http://example.com/"), web.resolve)
        assert str(found.ip) == address
