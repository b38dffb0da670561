"""Web pages and texts that mean harm."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

CODE = "window.stolen(document.cookie)"
TOLD = "電網的升級要花十年,變壓器的交期卻只看這兩年。台電說,訂單已經排到後年,擴產要等土地和熟手。"


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>變壓器的十年訂單</title>{head}</head><body>{body}</body></html>".encode()


def article(body: str) -> bytes:
    """A page with an honest article around `body`."""
    told = f"<p>{TOLD}</p>"
    return page(f"<article><h1>變壓器的十年訂單</h1>{told * 3}{body}{told * 3}</article>")


def scripted() -> Iterator[tuple[str, bytes]]:
    """Honest articles with code in every place that a browser would run it from."""
    yield "script", article(f"<script>{CODE}</script>")
    yield "script inside a paragraph", article(f"<p>作者:<script>{CODE}</script>林</p>")
    yield "script inside the title", page(f"<article><h1>題目<script>{CODE}</script></h1><p>{TOLD * 4}</p></article>")
    yield "script in capitals", article(f"<SCRIPT\x0ctype=text/javascript>{CODE}</SCRIPT >")
    yield "script in a script", article(f"<scr<script>ipt>{CODE}</script>")
    yield "script that is not closed", article("<p>文。</p>") + f"<script>{CODE}".encode()
    yield "style", article(f"<style>p {{ background: url(javascript:{CODE}) }}</style>")
    yield "template", article(f"<template><p>{CODE}</p></template>")
    yield "event handler", article(f'<img src=x onerror="{CODE}"><p onclick="{CODE}">文。</p>')
    yield "picture with a handler", article(f'<svg onload="{CODE}"><script>{CODE}</script></svg>')
    yield "mathematics with a handler", article(f'<math><mtext><img src=x onerror="{CODE}"></mtext></math>')
    yield "frame", article(f'<iframe srcdoc="<script>{CODE}</script>" src="javascript:{CODE}"></iframe>')
    yield (
        "object",
        article(f'<object data="data:text/html,<script>{CODE}</script>"></object><embed src="javascript:{CODE}">'),
    )
    yield "link", article(f'<p><a href="javascript:{CODE}">請按這裡</a>再看一次。</p>')
    yield (
        "form",
        article(f'<form action="javascript:{CODE}"><button formaction="javascript:{CODE}">送出</button></form>'),
    )
    yield (
        "base and refresh",
        page(
            f"<article><h1>變壓器的十年訂單</h1><p>{TOLD * 4}</p></article>",
            f'<base href="javascript:{CODE}//"><meta http-equiv=refresh content="0;url=javascript:{CODE}">',
        ),
    )
    yield (
        "address that runs",
        page(
            f"<article><h1>變壓器的十年訂單</h1><p>{TOLD * 4}</p></article>",
            f'<link rel=canonical href="javascript:{CODE}">',
        ),
    )
    yield (
        "address that runs, in the card",
        page(
            f"<article><h1>變壓器的十年訂單</h1><p>{TOLD * 4}</p></article>",
            f'<meta property="og:url" content=" javascript:{CODE}">',
        ),
    )
    yield (
        "data of a search engine",
        page(
            f'<article><h1>變壓器的十年訂單</h1><p>文<script type="application/ld+json">{{"a": "{CODE}"}}</script></p><p>{TOLD * 4}</p></article>'
        ),
    )
    yield "comment", article(f"<!--[if IE]><script>{CODE}</script><![endif]-->")
    yield "text area", article(f"<xmp><script>{CODE}</script></xmp><noscript><script>{CODE}</script></noscript>")


def endless() -> bytes:
    """A page that takes minutes to read."""
    return page(f"<div>{'<p>文。</p>' * 1_000_000}</div>")


def heavy() -> Iterator[tuple[str, bytes]]:
    """Pages and texts that cost far more to read than to send."""
    size = 2 * 2**20
    yield "bold ten megabytes long", page("<b>" * (10 * 2**20 // 3))
    yield "boxes in boxes", page("<div>" * 100_000 + TOLD + "</div>" * 100_000)
    yield "tables in tables", page("<table><tr><td>" * 30_000)
    yield "lists in lists", page("<ul><li>" * 100_000)
    yield (
        "a thousand attributes",
        page("".join(f"<p {' '.join(f'a{n}=1' for n in range(1_000))}>文。</p>" for _ in range(50))),
    )
    yield "headings only", page("<h1>題目</h1>" * 2_000)
    yield "paragraphs in one box", page(f"<div>{'<p>文。</p>' * 20_000}</div>")
    yield "articles", page(f"<article><h2>題目</h2><p>{TOLD}</p></article>" * 2_000)
    yield "entities", page("<p>" + "&#x4e2d;" * 500_000 + "</p>")
    yield (
        "entity bomb",
        (
            b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "ha">'
            + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(20))
            + b"]><html><body><p>&u;</p></body></html>"
        ),
    )
    yield "comments", b"<!---->" * 1_000_000
    yield "comment that is not closed", page("<!--" + "-" * size)
    yield "tag that is not closed", page('<a href="' + "x" * size)
    yield "one line", ("漲" * (size // 3)).encode()
    yield "one line of bars", b"| " * (size // 2)
    yield "one line of sentences", ("漲。" * (size // 6)).encode()
    yield "brackets", b"# t\n" + b"[" * 20_000
    yield "quotations", b"# t\n" + b"> " * 1_000_000
    yield "stars", b"# t\n" + b"*a " * 50_000
    yield (
        "front matter that laughs",
        (
            b"---\na0: &a0 [ha]\n"
            + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 12))
            + b"tags: *a11\n---\n"
            + TOLD.encode()
        ),
    )
    yield "front matter of brackets", b"---\na: " + b"[" * 100_000 + b"\n---\n" + TOLD.encode()
    yield "data of brackets", page(f'<p>{TOLD}</p><script type="application/ld+json">{"[" * 200_000}</script>')
    yield "zeros", bytes(size)
    yield "noise", bytes(range(256)) * 40_000
    yield "compressed", gzip.compress(page(TOLD))
