"""Files as the platforms export them, made of the posts of the fake WordPress."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Sequence
from html import escape
from io import BytesIO, StringIO

from tests.support.fake_wordpress import AUTHORS, TAGS, TAIPEI, FakePost, post_html

SITE = "https://blog.example.com"


def address(post: FakePost) -> str:
    return SITE + post.path


def wxr(posts: Sequence[FakePost]) -> bytes:
    people = "".join(
        f"<wp:author><wp:author_id>{n}</wp:author_id><wp:author_login><![CDATA[user{n}]]></wp:author_login>"
        f"<wp:author_display_name><![CDATA[{name}]]></wp:author_display_name></wp:author>"
        for n, name in enumerate(AUTHORS)
    )
    items = "".join(_wxr_item(post) for post in posts)
    extra = (
        "<item><title>關於</title><wp:post_type><![CDATA[page]]></wp:post_type><wp:status>publish</wp:status>"
        "<content:encoded><![CDATA[關於本站的說明文字。]]></content:encoded></item>"
        "<item><title>沒寫完</title><wp:post_type><![CDATA[post]]></wp:post_type><wp:status>draft</wp:status>"
        "<content:encoded><![CDATA[還沒寫完的文字。]]></content:encoded></item>"
        "<item><title>圖</title><wp:post_type><![CDATA[attachment]]></wp:post_type></item>"
    )
    spaces = (
        'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
    )
    channel = f"<title>測試站</title><wp:wxr_version>1.2</wp:wxr_version>{people}{items}{extra}"
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0" {spaces}><channel>{channel}</channel></rss>'.encode()


def _wxr_item(post: FakePost) -> str:
    local = post.written.astimezone(TAIPEI)
    tags = "".join(f'<category domain="post_tag" nicename="t"><![CDATA[{tag}]]></category>' for tag in post.tags)
    classic = post_html(post).replace("<p>", "").replace("</p>\n", "\n\n").replace("</h2>\n", "</h2>\n\n")
    if post.number % 2:  # the block editor
        kinds = {"p": "paragraph", "h2": "heading"}
        parts = re.findall(r"<(p|h2)>([^<]*)</", post_html(post))
        classic = "".join(
            f"<!-- wp:{kinds[t]} -->\n<{t}>{words}</{t}>\n<!-- /wp:{kinds[t]} -->\n\n" for t, words in parts
        )
    meta = 'a:1:{s:5:"width";i:300;}'  # PHP's own spelling of values
    extra = (
        f"<wp:postmeta><wp:meta_key><![CDATA[_x]]></wp:meta_key><wp:meta_value><![CDATA[{meta}]]></wp:meta_value></wp:postmeta>"
        "<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_author><![CDATA[路人]]></wp:comment_author>"
        "<wp:comment_content><![CDATA[寫得真好\x0b，分享了。]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>"
    )
    return (
        f"<item><title><![CDATA[{post.title}]]></title><link>{address(post)}</link>"
        f"<dc:creator><![CDATA[user{AUTHORS.index(post.author)}]]></dc:creator><excerpt:encoded><![CDATA[摘要]]></excerpt:encoded>"
        f"<content:encoded><![CDATA[{classic}]]></content:encoded><wp:post_id>{post.number}</wp:post_id>"
        f"<wp:post_date>{local:%Y-%m-%d %H:%M:%S}</wp:post_date><wp:post_date_gmt>{post.written:%Y-%m-%d %H:%M:%S}</wp:post_date_gmt>"
        f"<wp:status>publish</wp:status><wp:post_type><![CDATA[post]]></wp:post_type><wp:post_password></wp:post_password>"
        f'<category domain="category" nicename="u"><![CDATA[未分類]]></category>{tags}{extra}</item>'
    )


def ghost(posts: Sequence[FakePost], closed: set[int]) -> bytes:
    rows = [
        {
            "id": f"g{post.number}",
            "title": post.title,
            "slug": post.slug,
            **_ghost_body(post),
            "status": "published",
            "type": "post",
            "visibility": "paid" if post.number in closed else "public",
            "published_at": post.written.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "canonical_url": address(post),
        }
        for post in posts
    ]
    rows += [{**rows[0], "id": "d", "status": "draft"}, {**rows[0], "id": "p", "type": "page"}]
    data = {
        "posts": rows,
        "tags": [{"id": f"t{n}", "name": tag, "visibility": "public"} for n, tag in enumerate(TAGS)],
        "users": [{"id": f"u{n}", "name": name} for n, name in enumerate(AUTHORS)],
        "posts_tags": [
            {"post_id": f"g{post.number}", "tag_id": f"t{TAGS.index(tag)}", "sort_order": place}
            for post in posts
            for place, tag in enumerate(post.tags)
        ],
        "posts_authors": [
            {"post_id": f"g{p.number}", "author_id": f"u{AUTHORS.index(p.author)}", "sort_order": 0} for p in posts
        ],
    }
    return json.dumps(
        {"db": [{"meta": {"exported_on": 1, "version": "5.80.0"}, "data": data}]}, ensure_ascii=False
    ).encode()


def _ghost_body(post: FakePost) -> dict[str, object]:
    """As HTML, or as what one of Ghost's two editors keeps, which an export holds without HTML."""
    parts = re.findall(r"<(p|h2)>([^<]*)</", post_html(post))
    if post.number % 3 == 0:
        return {"html": post_html(post), "lexical": None, "mobiledoc": None}
    if post.number % 3 == 1:
        text = {"detail": 0, "format": 1, "mode": "normal", "style": "", "type": "extended-text", "version": 1}
        nodes: list[dict[str, object]] = [
            {
                "type": "extended-heading" if tag == "h2" else "paragraph",
                "tag": tag,
                "children": [text | {"text": words}],
            }
            for tag, words in parts
        ]
        root = {"root": {"children": nodes, "direction": "ltr", "type": "root", "version": 1}}
        return {"html": None, "lexical": json.dumps(root, ensure_ascii=False), "mobiledoc": None}
    sections = [[1, tag, [[0, [0], 1, words]]] for tag, words in parts]
    document = {
        "version": "0.3.1",
        "markups": [["strong"]],
        "atoms": [],
        "cards": [["hr", {}]],
        "sections": [*sections, [10, 0]],
    }
    return {"html": None, "lexical": None, "mobiledoc": json.dumps(document, ensure_ascii=False)}


def ghost_for_import(posts: Sequence[FakePost], closed: set[int]) -> bytes:
    """As Ghost's documentation of its format has it: without the wrapper, moments as in SQL."""
    said = json.loads(ghost(posts, closed))["db"][0]
    for row in said["data"]["posts"]:
        row["published_at"] = row["published_at"].replace("T", " ").removesuffix(".000Z")
    return json.dumps(said, ensure_ascii=False).encode()


def substack(posts: Sequence[FakePost], closed: set[int]) -> bytes:
    columns = [
        "post_id",
        "post_date",
        "is_published",
        "email_sent_at",
        "inbox_sent_at",
        "type",
        "audience",
        "title",
        "subtitle",
        "podcast_url",
    ]
    table = StringIO()
    rows = csv.writer(table)
    rows.writerow(columns)
    pages = {}
    for post in posts:
        identity = f"{post.number}.{post.slug}"
        audience = "only_paid" if post.number in closed else "everyone"
        written = post.written.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        rows.writerow([identity, written, "true", "", "", "newsletter", audience, post.title, "", ""])
        pages[f"posts/{identity}.html"] = post_html(post)
    rows.writerow(["9998.talk", "2026-05-01T00:00:00.000Z", "true", "", "", "thread", "everyone", "大家聊聊", "", ""])
    rows.writerow(["9997.about", "2026-05-01T00:00:00.000Z", "true", "", "", "page", "everyone", "關於", "", ""])
    rows.writerow(["9999.draft", "", "false", "", "", "newsletter", "everyone", "草稿", "", ""])
    pages |= {"posts/9998.talk.html": "<p>你們怎麼看？</p>", "posts/9997.about.html": "<p>關於這份電子報。</p>"}
    pages |= {"email_list.example.csv": "email,active_subscription\na@example.com,true\n"}
    return zipped({"posts.csv": table.getvalue(), **pages, "posts/9999.draft.html": "<p>還沒寫完的草稿。</p>"})


def medium(posts: Sequence[FakePost]) -> bytes:
    pages = {f"posts/{post.written:%Y-%m-%d}_{post.slug}-{post.number:012x}.html": _medium_page(post) for post in posts}
    draft = '<html><body><article class="h-entry"><h1 class="p-name">草稿</h1><section data-field="body"><p>字</p></section></article></body></html>'
    return zipped({"README.html": "<html></html>", **pages, "posts/draft_x-0123456789ab.html": draft})


def _medium_page(post: FakePost) -> str:
    moment = post.written.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(post.title)}</title></head><body><article class="h-entry">'
        f'<header><h1 class="p-name">{escape(post.title)}</h1></header><section data-field="subtitle" class="p-summary">摘要</section>'
        f'<section data-field="body" class="e-content"><section class="section"><h3 class="graf graf--h3 graf--title">{escape(post.title)}</h3>'
        f'{post_html(post)}</section></section><footer><p>By <a href="https://medium.com/@x" class="p-author h-card">{post.author}</a> on '
        f'<a href="{address(post)}"><time class="dt-published" datetime="{moment}">May 1, 2026</time></a>.</p>'
        f'<p><a href="{address(post)}" class="p-canonical">Canonical link</a></p><p>Exported from Medium.</p></footer></article></body></html>'
    )


def blogger(posts: Sequence[FakePost]) -> bytes:
    kind = "http://schemas.google.com/g/2005#kind"
    entries = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{post.number}</id><published>{post.written.astimezone(TAIPEI).isoformat()}</published>"
        f"<category scheme='{kind}' term='http://schemas.google.com/blogger/2008/kind#post'/>"
        + "".join(f"<category scheme='http://www.blogger.com/atom/ns#' term='{escape(tag)}'/>" for tag in post.tags)
        + f"<title type='text'>{escape(post.title)}</title><content type='html'>{escape(post_html(post))}</content>"
        f"<link rel='alternate' type='text/html' href='{address(post)}'/><author><name>{post.author}</name></author></entry>"
        for post in posts
    )
    comment = f"<entry><category scheme='{kind}' term='http://schemas.google.com/blogger/2008/kind#comment'/><title>好文</title></entry>"
    draft = (
        f"<entry><category scheme='{kind}' term='http://schemas.google.com/blogger/2008/kind#post'/><title>草稿</title>"
        "<content type='html'>字</content><app:control xmlns:app='http://purl.org/atom/app#'><app:draft>yes</app:draft></app:control></entry>"
    )
    generator = "<generator version='7.00' uri='http://www.blogger.com'>Blogger</generator>"
    return f"<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'>{generator}{entries}{comment}{draft}</feed>".encode()


def takeout(posts: Sequence[FakePost]) -> bytes:
    """A zip of Google's Takeout: one feed.atom a blog, with elements of Blogger's own."""
    entries = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{post.number}</id><blogger:type>POST</blogger:type>"
        f"<blogger:status>LIVE</blogger:status><author><name>{post.author}</name><blogger:type>BLOGGER</blogger:type></author>"
        f"<title>{escape(post.title)}</title><content type='html'>{escape(post_html(post))}</content><blogger:metaDescription/>"
        f"<blogger:created>{post.written.isoformat()}</blogger:created><published>{post.written.isoformat()}</published>"
        + "".join(f"<category scheme='tag:blogger.com,1999:blog-1' term='{escape(tag)}'/>" for tag in post.tags)
        + f"<blogger:filename>{post.path}</blogger:filename><blogger:trashed/></entry>"
        for post in posts
    )
    others = "".join(
        f"<entry><blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status><title>別的 {n}</title>"
        f"<content type='html'>字</content><blogger:trashed>{trashed}</blogger:trashed></entry>"
        for n, (kind, status, trashed) in enumerate(
            (
                ("COMMENT", "LIVE", ""),
                ("PAGE", "LIVE", ""),
                ("POST", "DRAFT", ""),
                ("POST", "LIVE", "2026-05-01T00:00:00Z"),
            )
        )
    )
    feed = (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        f"<id>tag:blogger.com,1999:blog-1</id><title>測試站</title>{entries}{others}</feed>"
    )
    return zipped({"Takeout/Blogger/Blogs/測試站/feed.atom": feed, "Takeout/archive_browser.html": "<html></html>"})


def table(posts: Sequence[FakePost], closed: set[int], comma: str = ",", letters: str = "utf-8-sig") -> bytes:
    out = StringIO()
    rows = csv.writer(out, delimiter=comma)
    rows.writerow(["標題", "日期", "作者", "標籤", "網址", "閱讀權限", "內文"])
    for post in posts:
        who = "會員" if post.number in closed else "公開"
        day = post.written.astimezone(TAIPEI).strftime("%Y/%m/%d")
        rows.writerow([post.title, day, post.author, "、".join(post.tags), address(post), who, post_html(post)])
    return out.getvalue().encode(letters)


def folder(posts: Sequence[FakePost], closed: set[int]) -> bytes:
    pages = {}
    for post in posts:
        tags = ", ".join(json.dumps(tag, ensure_ascii=False) for tag in post.tags)
        front = f"title: {json.dumps(post.title, ensure_ascii=False)}\ndate: {post.written.astimezone(TAIPEI):%Y-%m-%d}\nauthor: {post.author}\n"
        front += (
            f"tags: [{tags}]\nurl: {address(post)}\nvisibility: {'members' if post.number in closed else 'public'}\n"
        )
        text = post_html(post).replace("<p>", "").replace("</p>", "\n").replace("<h2>", "## ").replace("</h2>", "\n")
        pages[f"blog/{post.slug}.md"] = f"---\n{front}---\n\n{text}"
    return zipped(pages)


def hugo(posts: Sequence[FakePost]) -> bytes:
    """A folder as Hugo keeps it: fields in TOML, a draft among them; and one dated by its name alone, as Jekyll does."""
    pages = {"content/posts/wip.md": '+++\ntitle = "沒寫完"\ndraft = true\n+++\n\n還沒寫完的文字。\n'}
    for post in posts:
        text = post_html(post).replace("<p>", "").replace("</p>", "\n").replace("<h2>", "## ").replace("</h2>", "\n")
        said = {"title": post.title, "author": post.author, "url": address(post)}
        front = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())
        front += f"tags = {json.dumps(post.tags, ensure_ascii=False)}\ndraft = false\n"
        local = post.written.astimezone(TAIPEI)
        is_named = post.number % 2 == 0
        front += "" if is_named else f"date = {local:%Y-%m-%dT%H:%M:%S}+08:00\n"
        name = f"{local:%Y-%m-%d}-{post.slug}" if is_named else post.slug
        pages[f"content/posts/{name}.md"] = f"+++\n{front}+++\n\n{text}"
    return zipped(pages)


def zipped(files: dict[str, str]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()
