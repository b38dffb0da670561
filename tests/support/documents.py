"""Generated articles and the pages around them: every text in them is unlike any other, so that a lost one is noticed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from corpus.intake import Extracted

Make = Literal["heading", "text", "list", "counted", "table", "quote", "picture", "bare", "note"]
LAYOUTS = ("plain", "article", "wrapped", "sections", "spans", "table", "bold", "form")
SIGNS = "銅鋁鋅鎳鈷鋰矽鎵銦鍺錫鎢鈦鉻錳釩鎂硼碳磷硫氟氯溴碘氦氖氬氪氙汞銀金鉑鈀銠鎘鋇鈉鉀鈣鐵鉛砷硒碲"
HEADINGS = (
    "產業", "國際", "觀點", "首頁", "會員", "相關新聞", "延伸閱讀", "推薦閱讀", "留言", "追蹤我們", "關鍵字", "訂閱電子報",
    "訂閱制:靠電子報留住人", "加入會員才看得到的成本", "下載次數", "圖片來源", "作者", "更多新聞", "廣告",
)  # fmt: skip
NUMBERS = (
    "33.1%",
    "-3.0%",
    "1,250",
    "NT$45",
    "0.35",
    "2025/11/20",
    "+12.5",
    "53.5%",
    "10",
    "▲15.00",
    "(1.40%)",
    "1.6T",
    "13.73%",
    "90.1",
    "2330",
)
SUPERS = {"1": "¹", "2": "²", "6": "⁶", "-3": "⁻³", "12": "¹²"}


@dataclass(frozen=True)
class Piece:
    """One thing that an author wrote; `texts` are its texts in order: a table's cells, a list's items."""

    make: Make
    texts: tuple[str, ...]
    columns: int = 1


@dataclass(frozen=True)
class Document:
    """An article, and what a site puts around it."""

    title: str
    pieces: tuple[Piece, ...]
    menu: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    layout: str = "plain"


def word(number: int) -> str:
    """A word that no other number has."""
    base = len(SIGNS)
    return f"{SIGNS[number % base]}{SIGNS[number // base % base]}{SIGNS[number // base // base % base]}"


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Articles of every make of piece, with figures in them and headings that sound like a site's own lines."""
    count = iter(range(1, 10_000))

    def fresh(ending: str = "") -> str:
        return word(next(count)) + ending

    def sentence() -> str:
        figure = draw(st.sampled_from(NUMBERS))
        return f"{fresh()}的單價是 {figure}，{fresh()}跟著漲，原因是{fresh()}的供給少了兩成，要到明年才會補上。"

    pieces = [Piece("text", (sentence() + sentence(),))]
    for make in draw(
        st.lists(
            st.sampled_from(["heading", "text", "list", "counted", "table", "quote", "picture", "bare"]), max_size=8
        )
    ):
        if make == "heading":
            named = draw(st.booleans())
            pieces.append(Piece("heading", (draw(st.sampled_from(HEADINGS)) + (fresh() if named else ""),)))
            pieces.append(Piece("text", (sentence(),)))
        elif make in ("list", "counted"):
            size = draw(st.integers(1, 4))
            pieces.append(Piece(make, tuple(f"{fresh()} {draw(st.sampled_from(NUMBERS))}" for _ in range(size))))
        elif make == "table":
            columns, rows = draw(st.integers(2, 4)), draw(st.integers(2, 6))
            head = tuple(fresh() for _ in range(columns))
            body = tuple(
                fresh() if not column else draw(st.sampled_from(NUMBERS)) + fresh()
                for _ in range(rows)
                for column in range(columns)
            )
            pieces.append(Piece("table", head + body, columns))
        elif make == "picture":
            pieces.append(Piece("picture", (fresh("的廠房"),)))
        else:
            pieces.append(Piece(make, (sentence(),)))
    pieces.append(Piece("text", (sentence(),)))
    menu = tuple(fresh("頻道") for _ in range(draw(st.integers(0, 6))))
    below = tuple(fresh("另一篇文章的題目在這裡") for _ in range(draw(st.integers(0, 6))))
    return Document(fresh("的供給為什麼少了"), tuple(pieces), menu, below, draw(st.sampled_from(LAYOUTS)))


def as_html(document: Document) -> str:
    """The document as a page of its own, with menus above and links to other articles below."""
    menu = "".join(f"<li><a href='/{n}'>{html.escape(name)}</a></li>" for n, name in enumerate(document.menu))
    below = "".join(f"<li><a href='/a/{n}'>{html.escape(name)}</a></li>" for n, name in enumerate(document.below))
    head = f"<title>{html.escape(document.title)} - 某某網</title><script>var a = '腳本';</script><style>p {{ color: red }}</style>"
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><div class='top'><ul>{menu}</ul></div>{_laid_out(document)}"
        f"<div class='under'><h3>相關新聞</h3><ul>{below}</ul></div><footer><p>© 某某網 版權所有</p></footer></body></html>"
    )


def _laid_out(document: Document) -> str:
    """The article in one of the ways in which sites and editors mark theirs up."""
    title, pieces = f"<h1>{html.escape(document.title)}</h1>", [_html(piece) for piece in document.pieces]
    match document.layout:
        case "article":
            return f"<main><article><header>{title}<time>2026-03-04</time></header>{''.join(pieces)}</article></main>"
        case "wrapped":
            return f"{title}<div class='c'>{''.join(f'<div class=b><div class=s>{piece}</div></div>' for piece in pieces)}</div>"
        case "sections":
            cuts = "".join(f"</section><section>{piece}" if piece.startswith("<h2") else piece for piece in pieces)
            return f"<div id='content'>{title}<section>{cuts}</section></div>"
        case "spans":
            loose = (piece.replace("<p>", "<div><span>").replace("</p>", "</span></div>") for piece in pieces)
            return f"<div>{title}{''.join(loose)}</div>"
        case "table":
            return (
                f"<table><tr><td width='20%'><a href='/'>回首頁</a></td><td>{title}{''.join(pieces)}</td></tr></table>"
            )
        case "bold":
            return f"<div class='entry-content'>{title}{''.join(pieces).replace('<h2>', '<p><b>').replace('</h2>', '</b></p>')}</div>"
        case "form":
            return (
                f"<form id='aspnetForm' class='search'><div>{title}</div><div><div>{''.join(pieces)}</div></div></form>"
            )
        case _:
            return f"<div class='page'>{title}<div class='text'>{''.join(pieces)}</div></div>"


def _html(piece: Piece) -> str:
    texts = [html.escape(text) for text in piece.texts]
    match piece.make:
        case "heading":
            return f"<h2>{texts[0]}</h2>"
        case "list" | "counted":
            tag = "ul" if piece.make == "list" else "ol"
            return f"<{tag}>{''.join(f'<li>{text}</li>' for text in texts)}</{tag}>"
        case "table":
            rows = [texts[at : at + piece.columns] for at in range(0, len(texts), piece.columns)]
            cells = [
                f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in row)}</tr>"
                for row, tag in zip(rows, ["th"] + ["td"] * len(rows), strict=False)
            ]
            return f"<table>{''.join(cells)}</table>"
        case "quote":
            return f"<blockquote><p>{texts[0]}</p></blockquote>"
        case "picture":
            return f"<figure><img src='https://example.com/{len(texts[0])}.jpg' alt=''><figcaption>{texts[0]}</figcaption></figure>"
        case "bare":
            return f"{texts[0]}<br>"
        case _:
            return f"<p>{texts[0]}</p>"


def plain(text: str) -> str:
    """A text without blanks and differences of width, for comparing."""
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]", "", unicodedata.normalize("NFKC", text))


def kept(found: Extracted) -> str:
    """All that the essays hold."""
    lines = [
        text
        for essay in found.essays
        for text in (essay.title, essay.author or "", *essay.tags, *essay.further_reading)
    ]
    for essay in found.essays:
        for block in essay.blocks:
            lines += [block.plain, block.mark or "", block.author or "", block.picture.alt if block.picture else ""]
    return "\n".join(map(plain, lines))


def lost(texts: Sequence[str], found: Extracted) -> list[str]:
    """The texts that are neither in an essay nor among what was left out."""
    said = "\n".join((kept(found), *(plain(left.text) for left in found.left_out)))
    return [text for text in texts if plain(text) not in said]


def withheld(document: Document, found: Extracted) -> list[str]:
    """The texts that the author marked and that no essay holds."""
    said = kept(found)
    return [text for piece in document.pieces for text in piece.texts if plain(text) not in said]
