"""What fetching a page gives, and where it stops."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from itertools import chain, repeat
from threading import Event

import pytest

from corpus.intake import IntakeError
from corpus.intake.fetch import MOST_BYTES, MOST_REDIRECTS, Fetched, fetch
from tests.support.hostile.web import PUBLIC, PUBLIC_6, Web, answer, redirect

PAGE = "<html><body><p>電網的升級要花十年。</p></body></html>".encode()


def visit(web: Web, url: str = "http://example.com/a", seconds: float = 5) -> Fetched:
    return fetch(url, resolve=web.resolve, connect=web.connect, seconds=seconds)


def refusal(web: Web, url: str = "http://example.com/a", seconds: float = 5) -> str:
    with pytest.raises(IntakeError) as refused:
        visit(web, url, seconds)
    assert refused.value.do, "a refusal says what to do"
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_page_is_fetched_from_the_address_its_name_was_checked_with() -> None:
    web = Web(answer(PAGE))
    assert visit(web) == Fetched(PAGE, "text/html", "http://example.com/a")
    assert (web.looked_up, web.connected) == (["example.com"], [PUBLIC])


def test_the_request_names_host_and_page_and_nothing_of_ours() -> None:
    web = Web(answer(PAGE))
    visit(web, "http://example.com/文章/1?q=散熱&x=%E4%B8%AD#top")
    head = web.received[0].decode()
    assert head.startswith("GET /%E6%96%87%E7%AB%A0/1?q=%E6%95%A3%E7%86%B1&x=%E4%B8%AD HTTP/1.1\r\n")
    assert "\r\nHost: example.com\r\n" in head
    assert not any(name in head.lower() for name in ("cookie", "authorization", "referer"))


def test_a_name_in_chinese_is_asked_for_in_its_ascii_form() -> None:
    web = Web(answer(PAGE))
    visit(web, "http://台灣.tw/")
    assert web.looked_up == ["xn--kpry57d.tw"]
    assert b"Host: xn--kpry57d.tw\r\n" in web.received[0]


@pytest.mark.parametrize("url", ["http://93.184.215.14/", "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/"])
def test_a_public_address_may_stand_for_a_name(url: str) -> None:
    web = Web(answer(PAGE))
    assert visit(web, url).data == PAGE
    assert web.connected[0] in (PUBLIC, PUBLIC_6)


def test_an_encrypted_page_is_asked_for_by_its_name() -> None:
    web = Web([b"\x15\x03\x01\x00\x02\x02\x28"])
    assert "連不上" in refusal(web, "https://example.com./secret-page")
    (hello,) = web.received
    assert b"example.com" in hello, "the name is in SNI"
    assert b"secret-page" not in hello, "nothing is asked before the certificate has been checked"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/b", "b", "//example.com/b", "http://example.com/b", "?/b"])
def test_a_redirect_is_followed(status: int, location: str) -> None:
    web = Web(redirect(location, status), answer(PAGE))
    assert visit(web).url.endswith("/b")
    assert web.looked_up == ["example.com"] * 2, "each hop is checked anew"


def test_a_redirect_may_be_written_in_chinese() -> None:
    web = Web(redirect("/文章"), answer(PAGE))
    visit(web)
    assert web.received[1].startswith(b"GET /%E6%96%87%E7%AB%A0 ")


def test_redirects_come_to_an_end() -> None:
    web = Web(*[redirect("/again")] * 20)
    assert "轉來轉去" in refusal(web)
    assert len(web.connected) == MOST_REDIRECTS + 1


def test_a_redirect_from_https_to_http_is_refused() -> None:
    from corpus.intake.fetch import _next

    with pytest.raises(IntakeError):
        _next("https://example.com/a", "http://example.com/b")
    assert _next("http://example.com/a", "https://example.com/b") == "https://example.com/b"


@pytest.mark.parametrize("location", ["", None])
def test_a_redirect_to_nowhere_is_refused(location: str | None) -> None:
    assert "轉到" in refusal(Web(redirect(location) if location is not None else answer(status=302)))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "登入"),
        (403, "登入"),
        (402, "登入"),
        (404, "沒有這一頁"),
        (410, "沒有這一頁"),
        (500, "500"),
        (204, "204"),
        (206, "206"),
        (429, "429"),
    ],
)
def test_what_is_no_page_is_said_so(status: int, said: str) -> None:
    assert said in refusal(Web(answer(PAGE, status)))


@pytest.mark.parametrize(
    "media",
    ["image/png", "video/mp4", "application/zip", "application/javascript", "text/css", "application/json", "*/*"],
)
def test_what_holds_no_article_is_refused(media: str) -> None:
    assert "PDF" in refusal(Web(answer(PAGE, Content_Type=media)))


@pytest.mark.parametrize(
    "media", ["text/html", "TEXT/HTML ;charset=big5", "text/plain", "text/markdown", "application/pdf", ""]
)
def test_what_may_hold_an_article_is_taken(media: str) -> None:
    assert visit(Web(answer(PAGE, Content_Type=media))).content_type == media.split(";")[0].strip().lower()


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_page_is_unpacked(encoding: str, pack: object) -> None:
    assert visit(Web(answer(pack(PAGE), Content_Encoding=encoding))).data == PAGE  # type: ignore[operator]


def test_a_page_in_chunks_is_put_together() -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (PAGE[:10], PAGE[10:])) + b"0\r\n\r\n"
    web = Web(answer(chunks, Content_Length="", Transfer_Encoding="chunked"))
    assert visit(web).data == PAGE


@pytest.mark.parametrize("times", [1, 2])
def test_a_compression_bomb_ends_at_the_limit(times: int) -> None:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(100)) + packer.flush()
    if times == 2:
        bomb = gzip.compress(bomb)
    web = Web(answer(bomb, Content_Encoding=", ".join(["gzip"] * times)))
    assert "超過 10 MB" in refusal(web)


def test_many_layers_of_compression_are_refused() -> None:
    assert refusal(Web(answer(b"x" * 100, Content_Encoding=", ".join(["gzip"] * 60))))


def test_a_page_without_end_ends_at_the_limit() -> None:
    head, _ = answer(Content_Length="")
    web = Web(chain([head], repeat(b"x" * 2**16)))
    assert f"超過 {MOST_BYTES // 2**20} MB" in refusal(web)
    assert web.ended.wait(60), "the connection was closed"


@pytest.mark.parametrize(
    "pieces",
    [
        [b""],
        [b"\x00" * 100],
        [b"SSH-2.0-OpenSSH_9.6\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 100_000],
        [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot compressed"],
        [b"HTTP/1.1 200 " + b"x" * 100_000],
        [b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1_000],
        [b"HTTP/1.1 302 Found\r\nLocation: http://[/\r\nContent-Length: 0\r\n\r\n"],
    ],
    ids=str,
)
def test_what_is_no_proper_answer_is_refused(pieces: list[bytes]) -> None:
    assert refusal(Web(pieces))


def every(seconds: float, held: Event, piece: bytes) -> Iterator[bytes]:
    """A piece now and then, until there is no need for more."""
    while not held.wait(seconds):
        yield piece


def test_a_site_that_is_silent_is_left_in_time() -> None:
    held = Event()
    assert "太慢" in refusal(Web(every(10, held, b"")), seconds=0.2)
    held.set()


def test_a_head_that_never_comes_to_its_point_is_left_in_time() -> None:
    web = Web(repeat(b"HTTP/1.1 100 Continue\r\n\r\n"))
    assert refusal(web, seconds=0.3)
    assert web.ended.wait(60)


def test_a_body_that_trickles_is_left_in_time() -> None:
    head, _ = answer(Content_Length="")
    web = Web(chain([head], every(0.02, Event(), b"x")))
    assert "太慢" in refusal(web, seconds=0.3)
    assert web.ended.wait(60)


def test_a_resolver_that_does_not_answer_is_left_in_time() -> None:
    web, held = Web(answer(PAGE)), Event()

    def stalled(*_asked: object) -> list[object]:
        held.wait(60)
        return []

    with pytest.raises(IntakeError, match="太慢"):
        fetch("http://example.com/", resolve=stalled, connect=web.connect, seconds=0.2)  # type: ignore[arg-type]
    held.set()
    assert web.connected == []


def test_a_name_that_does_not_exist_is_said_so() -> None:
    def nobody(*_asked: object) -> list[object]:
        raise OSError("no such name")

    with pytest.raises(IntakeError, match="連不上"):
        fetch("http://example.com/", resolve=nobody, connect=Web().connect)  # type: ignore[arg-type]
