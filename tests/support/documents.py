"""Generated articles and the pages around them: every text in them is unlike any other, so that a lost one is noticed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal, get_args

from corpus.intake import Extracted

Make = Literal["heading", "text", "list", "counted", "table", "quote", "picture", "bare", "raised", "noted"]
MAKES: tuple[Make, ...] = get_args(Make)
LAYOUTS = ("plain", "article", "wrapped", "sections", "spans", "table", "bold", "form")
SIGNS = "銅鋁鋅鎳鈷鋰矽鎵銦鍺錫鎢鈦鉻錳釩鎂硼碳磷硫氟氯溴碘氦氖氬氪氙汞銀金鉑鈀銠鎘鋇鈉鉀鈣鐵鉛砷硒碲"
HEADINGS = (
    "產業", "國際", "觀點", "首頁", "會員", "相關新聞", "延伸閱讀", "推薦閱讀", "留言", "追蹤我們", "關鍵字", "訂閱電子報",
    "訂閱制：靠電子報留住人", "加入會員才看得到的成本", "下載次數", "圖片來源", "作者", "更多新聞", "廣告",
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
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_RAISED_SIGNS = dict(zip("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", strict=True))


@dataclass(frozen=True)
class Piece:
    """One thing that an author wrote; `texts` are its texts in order: a table's cells, a list's items, a sentence and its note."""

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

    @property
    def texts(self) -> tuple[str, ...]:
        """All that the author wrote below the title."""
        return tuple(text for piece in self.pieces for text in piece.texts)


def raised(figures: str) -> str:
    """Figures as superscripts."""
    return "".join(_RAISED_SIGNS[sign] for sign in figures)


def lowered(figures: str) -> str:
    """Superscripts as figures."""
    return unicodedata.normalize("NFKC", figures).replace("\u2212", "-")


def word(number: int) -> str:
    """A word that no other number has."""
    base = len(SIGNS)
    return f"{SIGNS[number % base]}{SIGNS[number // base % base]}{SIGNS[number // base // base % base]}"


def document(number: int) -> Document:
    """One of the articles of every make of piece, with figures in them and headings that sound like a site's own lines.

    The same number is always the same document: a plain generator is fifty times as fast as one that can shrink what it made.
    """
    chance = Random(number)
    count = iter(range(1, 10_000))

    def fresh(ending: str = "") -> str:
        return word(next(count)) + ending

    def sentence() -> str:
        return f"{fresh()}的單價是 {chance.choice(NUMBERS)}，{fresh()}跟著漲，原因是{fresh()}的供給少了兩成，要到明年才會補上。"

    pieces = [Piece("text", (sentence() + sentence(),))]
    for make in chance.choices(MAKES, k=chance.randint(0, 8)):
        if make == "heading":
            pieces.append(Piece("heading", (chance.choice(HEADINGS) + chance.choice(("", fresh())),)))
            pieces.append(Piece("text", (sentence(),)))
        elif make in ("list", "counted"):
            items = (f"{fresh()} {chance.choice(NUMBERS)}" for _ in range(chance.randint(1, 4)))
            pieces.append(Piece(make, tuple(items)))
        elif make == "table":
            columns = chance.randint(2, 4)
            head = [fresh() for _ in range(columns)]
            body = [
                chance.choice(NUMBERS) + fresh() if column else fresh()
                for _ in range(chance.randint(2, 6))
                for column in range(columns)
            ]
            pieces.append(Piece("table", (*head, *body), columns))
        elif make == "raised":
            figure = chance.choice(("33", "1,250", "10", "0.5%", "2330")) + chance.choice(list(SUPERS.values()))
            pieces.append(Piece("raised", (f"{fresh()}的產能是 {figure} 單位，" + sentence(),)))
        elif make == "noted":
            mark = raised(str(1 + sum(piece.make == "noted" for piece in pieces)))
            pieces.append(Piece("noted", (sentence() + mark, fresh("的數字是各家公司公布的，不含未上市的公司。"))))
        else:
            pieces.append(Piece(make, (fresh("的廠房") if make == "picture" else sentence(),)))
    pieces.append(Piece("text", (sentence(),)))
    menu = tuple(fresh("頻道") for _ in range(chance.randint(0, 6)))
    below = tuple(fresh("另一篇文章的題目在這裡") for _ in range(chance.randint(0, 6)))
    return Document(fresh("的供給為什麼少了"), tuple(pieces), menu, below, chance.choice(LAYOUTS))


ODD_LINES = (
    "標題：", "作者：", "※ 發信站：", "推 abc:", ": ", "> ", "--", "-----", "【延伸閱讀】", "相關新聞", "關鍵字：", "#", "1. ", "• ", "- ",
    "(記者王小明/台北報導)", "2025/11/20 08:30", "台積電 1,085.00 ▲15.00 鴻海 199.50 ▼0.50", "首頁 財經 股市 國際 觀點", "加入會員", "圖片來源：",
    "更多新聞", "©", "上午 10:30\t小王\t", "| 甲 | 乙 |", "甲\t乙", "**", "## ", "以下為會員專屬", "第二篇", "From: ", "結論", "\u3000\u3000",
    "發言", "👉 立即訂閱", "※ 引述《abc》之銘言：", "------ 轉寄的郵件 ------", "留言", "責任編輯：",
)  # fmt: skip


def hostile_page(number: int) -> str:
    """Lines that look like the frame, the menu or the end of a page, in any order, with sentences among them."""
    chance = Random(number)
    lines = []
    for at in range(1, chance.randint(2, 30)):
        told = f"{word(at)}的單價是 {chance.choice(NUMBERS)}，原因是供給少了兩成，要到明年才會補上。"
        lines.append(chance.choice(ODD_LINES) + chance.choice(("", word(at), told)) + chance.choice(("", "\n")))
    return "\n".join(lines)


def signs(text: str) -> Counter[str]:
    """How often each letter and figure stands in a text."""
    return Counter(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum() or sign in "%▲▼")


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
    title, pieces = f"<h1>{html.escape(document.title)}</h1>", [*map(_html, document.pieces), _notes(document)]
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


def with_sup(text: str) -> str:
    """A text as markup, its superscripts in elements of their own."""
    return RAISED.sub(lambda match: f"<sup>{lowered(match[0])}</sup>", html.escape(text))


def notes_of(document: Document) -> list[str]:
    """The notes, in the order of their marks."""
    return [piece.texts[1] for piece in document.pieces if piece.make == "noted"]


def _notes(document: Document) -> str:
    items = (f"<li id='fn{number}'>{html.escape(note)}</li>" for number, note in enumerate(notes_of(document), 1))
    return f"<ol class='footnotes'>{''.join(items)}</ol>" if notes_of(document) else ""


def _html(piece: Piece) -> str:
    texts = [with_sup(text) for text in piece.texts]
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
        case "noted":
            return "<p>" + re.sub("<sup>(.*?)</sup>", r"<sup><a href='#fn\1'>\1</a></sup>", texts[0]) + "</p>"
        case _:
            return f"<p>{texts[0]}</p>"


def plain(text: str) -> str:
    """A text without blanks and differences of width, for comparing; an exponent stays one."""
    shown = RAISED.sub(lambda match: f"^{match[0]}^", text)
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]", "", unicodedata.normalize("NFKC", shown))


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


def withheld(texts: Sequence[str], found: Extracted) -> list[str]:
    """The texts that no essay holds."""
    return lost(texts, replace(found, left_out=()))
