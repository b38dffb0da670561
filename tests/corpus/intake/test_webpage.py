"""Web pages: what is read of them, how it is kept, and what is left out."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.essay import Block, BlockKind, Essay, Hyperlink
from corpus.intake import Extracted, FileForm, extract
from corpus.intake.extracted import Reason

FIRST = "光纖布建的單價，去年每公里降了兩成，原因是陶瓷插芯的良率拉高，電信商把省下的錢拿去換老舊機房的整流器。"
SECOND = "整流器的更換週期拉長，多數機房超過十二年沒有更新，電費反而比設備折舊還高，因此投資回收期只剩三年。"
THIRD = "風險在於矽鋼片漲價會吃掉節省的電費，交期也從八週拉長到二十週，標案可能流標。"
TITLE = "光纖與整流器"


def read(body: str, head: str = "") -> Extracted:
    return extract(
        f"<!DOCTYPE html><html><head><title>{TITLE} - 某某網</title>{head}</head><body>{body}</body></html>",
        "",
        FileForm.HTML,
    )


def only(body: str, head: str = "") -> Essay:
    (essay,) = read(body, head).essays
    return essay


def texts(essay: Essay) -> list[str]:
    return [block.text for block in essay.blocks]


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{TITLE}</h1>{FIRST}<br><br>{SECOND}<br>{THIRD}",
        f"<h1>{TITLE}</h1><div>{FIRST}<p>{SECOND}</p>{THIRD}</div>",
        f"<article><h1>{TITLE}</h1><img src='/a.jpg'>{FIRST}<div>{SECOND}</div>{THIRD}</article>",
        f"<div><header><h1>{TITLE}</h1></header>{FIRST}<hr>{SECOND}<ul></ul>{THIRD}</div>",
        f"<div><span>{TITLE}</span></div><div><span></span>{FIRST}</div><div>{SECOND[:20]}<span>{SECOND[20:]}</span></div><div>{THIRD}</div>",
        f"<table><tr><td>{TITLE}<br>{FIRST}</td></tr><tr><td><p>{SECOND}</p>{THIRD}</td></tr></table>",
        f"<main><h1>{TITLE}</h1><section>{FIRST}</section><section><b>{SECOND}</b></section><section>{THIRD}<script>x</script></section></main>",
        f"<center><font size=5>{TITLE}</font><p>{FIRST}</center><p>{SECOND}<p>{THIRD}",
    ],
)
def test_text_without_an_element_of_its_own_is_read_where_it_stands(body: str) -> None:
    essay = only(body)
    assert essay.title == TITLE
    assert [text for text in texts(essay) if text] == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("wrapped", ["<p>{}</p>", "<div>{}</div>", "<div><div><span>{}</span></div></div>", "{}<br>"])
def test_a_short_page_keeps_its_paragraphs_apart(wrapped: str) -> None:
    essay = only(
        f"<h1>{TITLE}</h1><p>記者王小明／台北報導 2026-03-04</p>{wrapped.format(FIRST)}{wrapped.format(SECOND)}"
    )
    assert texts(essay) == [FIRST, SECOND]
    assert (essay.title, essay.author, essay.published) == (TITLE, "王小明", date(2026, 3, 4))


def test_a_table_keeps_its_names_rows_and_caption() -> None:
    rows = (
        "<tr><th>項目</th><th>2025</th><th>2026</th></tr><tr><td>毛利率</td><td>33.1%(+3.0%)</td><td>35%</td></tr>"
        "<tr><td>EPS</td><td>10.5</td><td></td></tr>"
    )
    essay = only(f"<h1>{TITLE}</h1><p>{FIRST}</p><table><caption>單位：元</caption>{rows}</table><p>{SECOND}</p>")
    table = essay.blocks[1].table
    assert table is not None
    assert (table.header, table.caption) == (("項目", "2025", "2026"), "單位：元")
    assert table.rows == (("毛利率", "33.1%(+3.0%)", "35%"), ("EPS", "10.5", ""))
    assert essay.blocks[1].text == "單位：元\n毛利率　2025：33.1%(+3.0%)　2026：35%\nEPS　2025：10.5"


def test_cells_that_span_rows_and_columns_stand_in_each() -> None:
    rows = "<tr><th rowspan=2>項目</th><th colspan=2>2025</th></tr><tr><th>上半</th><th>下半</th></tr><tr><td>營收</td><td>1</td><td>2</td></tr>"
    table = only(f"<h1>{TITLE}</h1><p>{FIRST}</p><table>{rows}</table>").blocks[1].table
    assert table is not None
    assert (table.header, table.rows) == (("項目", "2025 上半", "2025 下半"), (("營收", "1", "2"),))


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    essay = only(
        f"<table><tr><td><a href='/'>首頁</a></td><td><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></td></tr></table>"
    )
    assert [block.kind for block in essay.blocks] == [BlockKind.TEXT, BlockKind.TEXT]


def test_a_picture_keeps_its_address_its_words_and_its_caption() -> None:
    image = "<img data-src='/img/plant.jpg' src='data:image/gif;base64,R0' alt='廠房'>"
    figure = f"<figure>{image}<figcaption>台南的廠房。（圖／王小明攝）</figcaption></figure>"
    essay = only(
        f"<h1>{TITLE}</h1><p>{FIRST}</p>{figure}<p>{SECOND}</p>",
        "<link rel='canonical' href='https://example.com/news/1'>",
    )
    block = essay.blocks[1]
    assert block.picture is not None
    assert (block.kind, block.text) == (BlockKind.PICTURE, "台南的廠房。（圖／王小明攝）")
    assert (block.picture.url, block.picture.alt) == ("https://example.com/img/plant.jpg", "廠房")
    assert "廠房" not in "".join(paragraph.text for paragraph in essay.paragraphs)


def test_links_keep_their_place_and_lead_to_whole_addresses() -> None:
    essay = only(
        f"<h1>{TITLE}</h1><p>{FIRST}詳見<a href='../report?id=2'>年報</a>與<a href='javascript:x()'>按鈕</a>。</p>",
        "<link rel='canonical' href='https://example.com/news/1'>",
    )
    start = len(FIRST) + 2
    assert essay.blocks[0].links == (Hyperlink(start, start + 2, "https://example.com/report?id=2"),)
    assert essay.blocks[0].text.endswith("詳見年報與按鈕。")


def test_an_embedded_post_is_a_quotation_of_its_author() -> None:
    post = "<blockquote class='twitter-tweet'><p>這一季的訂單比想像中多很多。</p>— 陳分析 (@chen) March 4, 2026</blockquote>"
    essay = only(f"<h1>{TITLE}</h1><p>{FIRST}</p>{post}<p>{SECOND}</p>")
    quoted = [block for block in essay.blocks if block.kind is BlockKind.QUOTE]
    assert [block.author for block in quoted] == ["陳分析", "陳分析"]
    assert quoted[0].text == "這一季的訂單比想像中多很多。"
    assert all(paragraph.is_quoted for paragraph in essay.paragraphs if "訂單比想像" in paragraph.text)


def test_a_footnote_is_tied_to_its_mark() -> None:
    notes = "<ol><li id='fn1'>年報第 12 頁。 <a href='#ref1'>↩</a></li><li id='fn2'>公司的說明。</li></ol>"
    marks = "<sup id='ref1'><a href='#fn1'>1</a></sup>", "<a href='#fn2'>[2]</a>"
    essay = only(f"<h1>{TITLE}</h1><p>單價是 33{marks[0]} 元。{FIRST}</p><p>{SECOND}{marks[1]}</p>{notes}")
    assert essay.blocks[0].text.startswith("單價是 33¹ 元。")
    assert essay.blocks[0].links == (Hyperlink(6, 7, "#note-1"),)
    assert essay.blocks[1].links == (Hyperlink(len(SECOND), len(SECOND) + 3, "#note-2"),)
    assert [(block.mark, block.text) for block in essay.blocks if block.kind is BlockKind.NOTE] == [
        ("1", "年報第 12 頁。"),
        ("2", "公司的說明。"),
    ]


def test_lists_count_as_the_page_counts() -> None:
    lists = "<ol start=3><li>銅</li><li value=7>鋁</li></ol><ul><li>鋅<ul><li>鎳</li></ul></li></ul>"
    essay = only(f"<h1>{TITLE}</h1><p>{FIRST}</p>{lists}<p>{SECOND}</p>")
    assert [(block.kind, block.text) for block in essay.blocks[1:-1]] == [
        (BlockKind.NUMBERED, "3. 銅"),
        (BlockKind.NUMBERED, "7. 鋁"),
        (BlockKind.BULLET, "鋅"),
        (BlockKind.BULLET, "鎳"),
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("10<sup>6</sup> 元", "10⁶ 元"),
        ("33<sup>1</sup>", "33¹"),
        ("1,250<sup>2</sup>", "1,250²"),
        ("CO<sub>2</sub> 排放", "CO₂ 排放"),
        ("10<sup>-9</sup> 公尺", "10⁻⁹ 公尺"),
        ("m<sup>n</sup>", "mⁿ"),
        ("<b>33</b>.1%", "33.1%"),
        ("<span>1</span><span>,250</span>", "1,250"),
    ],
)
def test_figures_are_read_as_a_browser_shows_them(written: str, shown: str) -> None:
    assert f"約 {shown}，" in only(f"<h1>{TITLE}</h1><p>約 {written}，{FIRST}</p>").blocks[0].text


def test_related_articles_menus_and_footers_are_left_out_with_their_reason() -> None:
    links = "".join(f"<li><a href='/n/{n}'>另一篇文章的題目第{n}號</a></li>" for n in range(3))
    found = read(
        f"<nav><a href='/'>首頁</a> <a href='/b'>財經</a></nav><div><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>"
        f"<div class='box'><h3>相關新聞</h3><ul>{links}</ul></div></div><div class='cookie-banner'>本站使用 Cookie，繼續瀏覽表示同意。</div>"
        "<footer>© 某某網 版權所有</footer>"
    )
    assert texts(found.essays[0]) == [FIRST, SECOND]
    reasons = {left.text: left.reason for left in found.left_out}
    assert reasons["首頁 財經"] is Reason.MENU
    assert reasons["相關新聞"] is reasons["另一篇文章的題目第1號"] is Reason.RELATED
    assert reasons["本站使用 Cookie，繼續瀏覽表示同意。"] is Reason.NOTICE
    assert reasons["© 某某網 版權所有"] is Reason.FOOTER
    assert [left.before for left in found.left_out if left.text in ("首頁 財經", "相關新聞")] == [0, 2]


def test_an_authors_list_of_sources_is_no_list_of_related_articles() -> None:
    sources = "".join(
        f"<li><a href='https://{host}/a'>{host} 的報告</a></li>"
        for host in ("one.example", "two.example", "three.example")
    )
    essay = only(f"<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p><h2>參考資料</h2><ul>{sources}</ul>")
    assert essay.headings == ("參考資料",)
    assert len(essay.blocks) == 6


def test_an_endless_page_gives_the_article_that_its_head_names() -> None:
    other = "".join(f"<div class='story'><h1 class='title'>別的題目{n}</h1><p>{THIRD * 3}</p></div>" for n in range(3))
    found = read(
        f"<div class='story'><h1 class='title'>{TITLE}</h1><p>{FIRST}</p></div>{other}",
        "<meta property='og:type' content='article'>",
    )
    assert [(essay.title, texts(essay)) for essay in found.essays] == [(TITLE, [FIRST])]


@pytest.mark.parametrize(
    "body",
    [
        "".join(
            f"<div class='card'><h3><a href='/n/{n}'>第{n}則新聞的題目在這裡</a></h3><p>摘要只有短短一句</p></div>"
            for n in range(20)
        ),
        "<ul>" + "".join(f"<li><a href='/n/{n}'>頻道{n}</a></li>" for n in range(20)) + "</ul><p>© 某某網</p>",
        "<table>"
        + "".join(f"<tr><td><a href='/s/{n}'>23{n:02}</a></td><td>1,0{n:02}</td></tr>" for n in range(20))
        + "</table>",
        "<div id='app'></div><noscript>請開啟 JavaScript 才能使用本站的全部功能，謝謝。</noscript>",
    ],
)
def test_a_page_without_an_article_gives_no_essay(body: str) -> None:
    head = "<meta property='og:type' content='website'><link rel='canonical' href='https://example.com/'>"
    assert read(body, head).essays == ()


def test_a_blogs_page_of_several_gives_title_address_day_tags_and_author_of_each() -> None:
    def entry(number: int) -> str:
        return (
            f"<article class='post hentry'><h2 class='entry-title'><a href='https://example.com/{number}/' rel='bookmark'>第{number}篇的題目</a></h2>"
            f"<span class='author vcard'><a class='url fn' href='/u'>林怡君</a></span><time datetime='2026-03-0{number}T08:00:00+08:00'>3 月</time>"
            f"<div class='entry-content'><p>{FIRST}</p><p>{SECOND}</p><p>第{number}篇說完了。</p></div>"
            f"<footer><span class='tags-links'><a rel='tag' href='/t'>光纖</a><a rel='tag' href='/e'>電費</a></span></footer></article>"
        )

    found = read("<h1>林怡君的部落格</h1>" + "".join(map(entry, (1, 2, 3))) + "<nav><a href='/page/2'>下一頁</a></nav>")
    assert [(essay.title, essay.url, essay.published, essay.author, essay.tags) for essay in found.essays] == [
        (f"第{n}篇的題目", f"https://example.com/{n}/", date(2026, 3, n), "林怡君", ("光纖", "電費")) for n in (1, 2, 3)
    ]
    assert [texts(essay) for essay in found.essays] == [[FIRST, SECOND, f"第{n}篇說完了。"] for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("head", "line", "author"),
    [
        ("<meta name='author' content='某某新聞網'>", "記者陳大文／台北報導", "陳大文"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"a","author":{"@type":"Person","name":"林怡君"}}</script>',
            "",
            "林怡君",
        ),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"Article","author":[{"name":"甲一"},{"name":"乙二"}]}]}</script>',
            "",
            "甲一、乙二",
        ),
        ("<meta name='author' content='某某新聞網'>", "", "某某新聞網"),
    ],
)
def test_the_reporter_is_the_author_rather_than_the_site(head: str, line: str, author: str) -> None:
    site = "<meta property='og:site_name' content='某某新聞網'>"
    assert only(f"<h1>{TITLE}</h1><p>{line}</p><p>{FIRST}</p><p>{SECOND}</p>", head + site).author == author


def test_a_heading_that_sounds_like_a_menu_or_an_offer_is_the_authors() -> None:
    headings = ("產業", "國際", "訂閱制：靠電子報留住人", "相關新聞", "留言")
    essay = only(f"<h1>{TITLE}</h1><p>{FIRST}</p>" + "".join(f"<h2>{name}</h2><p>{SECOND}</p>" for name in headings))
    assert essay.headings == headings


def test_blocks_are_where_what_was_left_out_would_be_put_back() -> None:
    found = read(f"<h1>{TITLE}</h1><p>{FIRST}</p><div class='ad-box'>廣告的文字</div><p>{SECOND}</p>")
    (left,) = [left for left in found.left_out if left.text == "廣告的文字"]
    assert (left.essay, left.before, left.reason) == (0, 1, Reason.ADVERT)
    assert found.essays[0].blocks[left.before] == Block(BlockKind.TEXT, SECOND)


def test_a_forums_page_is_read_as_the_lines_that_it_keeps() -> None:
    def meta(name: str, value: str) -> str:
        return f"<div class='article-metaline'><span class='article-meta-tag'>{name}</span><span class='article-meta-value'>{value}</span></div>"

    head = meta("作者", "lin (怡君)") + meta("標題", "[心得] 光纖與整流器") + meta("時間", "Wed Mar  4 08:30:12 2026")
    push = "<div class='push'><span class='push-tag'>推 </span><span>abc</span><span>: 推專業分析</span><span> 03/04 08:40\n</span></div>"
    found = read(
        f"<div id='topbar'><a href='/'>某某論壇</a></div><div id='main-content' class='bbs-screen bbs-content'>{head}\n{FIRST}\n\n"
        f": 電費不會再漲\n\n{SECOND}\n\n--\n{push}</div>"
    )
    (essay,) = found.essays
    assert (essay.title, essay.author, essay.published) == (TITLE, "lin", date(2026, 3, 4))
    assert [paragraph.text for paragraph in essay.paragraphs if not paragraph.is_quoted] == [FIRST, SECOND]
    assert {"某某論壇", "推 abc: 推專業分析 03/04 08:40"} <= {left.text for left in found.left_out}


def test_a_hidden_link_in_a_heading_makes_no_link_of_what_follows() -> None:
    essay = only(
        f"<h1>{TITLE}</h1><p>{FIRST}</p><h2 id='n'>整流器<a hidden href='#n'>#</a></h2><p>{SECOND}</p><p>{THIRD}</p>"
    )
    assert texts(essay) == [FIRST, "整流器", SECOND, THIRD]
    assert not any(block.links for block in essay.blocks)


def test_a_line_below_all_of_the_text_is_no_headline() -> None:
    essay = only(
        f"<table><tr><td><a href='/'>首頁</a></td></tr><tr><td><span>整流器換新潮還有三年</span></td></tr>"
        f"<tr><td><span>發佈日期:2026/5/13</span>&nbsp;<span>記者:周政緯</span>&nbsp;<span>點閱數:1,284</span></td></tr>"
        f"<tr><td><p>{FIRST}</p><p>{SECOND}</p></td></tr><tr><td>{TITLE} - 某某網 版權所有</td></tr></table>"
    )
    assert (essay.title, essay.author, essay.published) == ("整流器換新潮還有三年", "周政緯", date(2026, 5, 13))
    assert texts(essay) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "byline",
    [
        "<footer class='node__meta'>由 <a href='/user/7'>許庭瑜</a> 於 週三, 2026-03-18 10:24 提交</footer>",
        "<div class='k3'><a href='https://example.com/author/hsu'>許庭瑜</a></div><div>2026/03/18</div>",
        "<ul><li><span class='q user-name'>許庭瑜</span></li><li><span title='2026-03-18T10:24'>3月18日</span></li></ul>",
        "<p>一句導言，說的是光纖布建的單價。</p><ul class='post_header_meta'><li>2026/03/18</li><li><a href='/author/h'>許庭瑜</a></li></ul>",
        "<div class='post-meta'><span title='2026-03-18 00:00:00 +0800 CST'>三月 18, 2026</span> · <span class='author'>許庭瑜</span></div>",
    ],
)
def test_markup_near_the_headline_tells_who_wrote_it_and_when(byline: str) -> None:
    essay = only(f"<article><h1>{TITLE}</h1>{byline}<div><p>{FIRST}</p><p>{SECOND}</p></div></article>")
    assert (essay.author, essay.published) == ("許庭瑜", date(2026, 3, 18))
    assert texts(essay)[-2:] == [FIRST, SECOND]
    assert not any("許庭瑜" in text or "2026" in text for text in texts(essay))


def test_a_name_that_leads_to_its_page_further_down_is_not_the_writers() -> None:
    others = "".join(f"<p>{FIRST}</p>" for _ in range(16))
    assert only(f"<h1>{TITLE}</h1>{others}<p>{SECOND}<a href='/author/x'>陳大文</a></p>").author is None


def test_the_line_that_is_the_head_without_the_sites_name_is_the_title() -> None:
    (essay,) = extract(
        f"<html><head><title>{TITLE} - 材料論壇 - Powered by Discuz!</title></head><body><h1>{TITLE}</h1>"
        f"<div><p>{FIRST}</p><p>{SECOND}</p></div><p>Powered by Discuz!</p></body></html>",
        "",
        FileForm.HTML,
    ).essays
    assert essay.title == TITLE
    assert texts(essay) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "byline",
    [
        "<ul><li><a href='/author/jane/'>簡毓芬</a></li><li><a href='/2026/08/19/'>2026-08-19</a></li></ul>",
        "<dl><dt>刊登日期</dt><dd>2026/08/19</dd><dt>作者</dt><dd>簡毓芬</dd><dt>點閱</dt><dd>532</dd></dl>",
        "<div class='q'><div class='author-card__name'>簡毓芬</div></div><div>2026.08.19</div>",
        "<p>2026.08.19|文 簡毓芬|閱讀時間 3 分鐘</p>",
        "<p class='author'>簡毓芬 發表在 <a href='/b'>某某邦</a> 人氣(318)</p><time datetime='2026-08-19'></time>",
    ],
)
def test_labels_and_links_beside_a_day_tell_whose_it_is(byline: str) -> None:
    essay = only(f"<div><h1>{TITLE}</h1></div><div>{byline}</div><div><p>{FIRST}</p><p>{SECOND}</p></div>")
    assert (essay.author, essay.published) == ("簡毓芬", date(2026, 8, 19))
    assert texts(essay) == [FIRST, SECOND]


def test_a_signature_signs_its_own_quotation_alone() -> None:
    quotes = "<blockquote><p>{0}</p></blockquote><blockquote><p>{1}</p><p>{2}</p><p>— 王小明</p></blockquote>"
    said = quotes.format("電費還會再漲一倍。", "光纖很貴。", "銅線便宜。")
    essay = only(f"<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>{said}<p>{SECOND}{FIRST}</p>")
    signed = [(block.text, block.author) for block in essay.blocks if block.kind is BlockKind.QUOTE]
    assert signed == [
        ("電費還會再漲一倍。", None),
        ("光纖很貴。", "王小明"),
        ("銅線便宜。", "王小明"),
        ("— 王小明", "王小明"),
    ]


def test_what_stands_between_the_essays_of_a_page_is_left_out_at_its_place() -> None:
    def entry(number: int) -> str:
        return f"<article><h2>第{number}篇的題目</h2><p>{FIRST}</p><p>{SECOND}</p><p>第{number}篇說完了。</p></article>"

    found = read(f"<h1>部落格</h1>{entry(1)}<p>中間的話。</p>{entry(2)}<p>底下的話。</p>")
    places = [(left.text, left.essay, left.before) for left in found.left_out]
    assert places == [("部落格", 0, 0), ("中間的話。", 0, 3), ("底下的話。", 1, 3)]


def test_a_heading_of_any_cell_spans_columns_and_a_figure_never() -> None:
    rows = (
        "<thead><tr><td>項目</td><td colspan=2>2025</td><td>2026</td></tr></thead>"
        "<tr><td>上半</td><td>1</td><td>2</td><td>3</td></tr><tr><td>全年</td><td colspan=2>30</td><td>4</td></tr>"
    )
    table = only(f"<h1>{TITLE}</h1><p>{FIRST}</p><table>{rows}</table>").blocks[1].table
    assert table is not None
    assert table.header == ("項目", "2025", "2025", "2026")
    assert table.rows == (("上半", "1", "2", "3"), ("全年", "30", "", "4"))


def test_json_with_a_comma_too_many_still_says_who_wrote_it() -> None:
    script = (
        f'{{"@type":"NewsArticle","headline":"{TITLE}","author":{{"name":"王小明",}},"datePublished":"2026-03-04",}}'
    )
    essay = only(
        f"<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>", f'<script type="application/ld+json">{script}</script>'
    )
    assert (essay.author, essay.published) == ("王小明", date(2026, 3, 4))


def test_a_path_is_no_headline_where_the_head_names_only_the_section() -> None:
    page = f"<p><a href='/'>首頁</a> &gt; <a href='/n'>新聞中心</a></p><p>2026/03/04</p><h2>光纖換新的電費帳單</h2><p>{FIRST}</p><p>{SECOND}</p>"
    found = extract(
        f"<html><head><title>新聞中心 - 某某公司</title></head><body>{page}</body></html>", "", FileForm.HTML
    )
    assert [essay.title for essay in found.essays] == ["光纖換新的電費帳單"]


@pytest.mark.parametrize(
    "byline",
    [
        "<table><tr><td>研究員</td><td>王小明</td></tr><tr><td>日期</td><td>2026年3月4日</td></tr></table>",
        "<div><span>來源：某某網</span><span>編輯：小美</span><span>作者：王小明</span></div><div>2026-03-04</div>",
        "<div class='authi'><a>王小明</a></div><div class='authi'><em>發表於 2026-3-4 10:30</em></div>",
        "<p>更新於 2026年03月05日02:10 • 發布於 2026年03月04日22:30 • 王小明</p>",
    ],
)
def test_a_byline_of_any_make_says_who_wrote_it_and_when(byline: str) -> None:
    essay = only(f"<h1>{TITLE}</h1>{byline}<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>")
    assert (essay.author, essay.published) == ("王小明", date(2026, 3, 4))
