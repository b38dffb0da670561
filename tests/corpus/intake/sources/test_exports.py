"""What a platform hands its writers comes in whole: title, date, author, visibility, text and tags of every post."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from corpus.essay import Essay, Visibility
from corpus.intake import IntakeError
from corpus.intake.files import extract_file, is_export_file
from corpus.intake.sources.exports import archive_file
from corpus.intake.sources.exports.form import export_form, read_export
from tests.support import exports
from tests.support.fake_wordpress import TAIPEI, FakePost, FakeSite, post_html

pytestmark = pytest.mark.slow

POSTS = [post for post in FakeSite.of(30).public() if post.title != "產業週記"]
CLOSED = {4, 11, 23}
SAYS_NO_AUTHOR = {"substack"}
SAYS_NO_TAGS = {"substack", "medium"}
SAYS_NO_ADDRESS = {"substack", "takeout"}  # Takeout tells the path alone
FILES: dict[str, tuple[str, Callable[[], bytes], set[int]]] = {
    "wxr": ("blog.WordPress.2026-11-28.xml", lambda: exports.wxr(POSTS), set()),
    "ghost": ("blog.ghost.2026-11-28.json", lambda: exports.ghost(POSTS, CLOSED), CLOSED),
    "ghost for import": ("import.json", lambda: exports.ghost_for_import(POSTS, CLOSED), CLOSED),
    "substack": ("export.zip", lambda: exports.substack(POSTS, CLOSED), CLOSED),
    "medium": ("medium-export.zip", lambda: exports.medium(POSTS), set()),
    "blogger": ("blog-11-28-2026.xml", lambda: exports.blogger(POSTS), set()),
    "takeout": ("takeout-20261128.zip", lambda: exports.takeout(POSTS), set()),
    "table in Big5 with semicolons": ("essays.csv", lambda: exports.table(POSTS, CLOSED, ";", "cp950"), CLOSED),
    "table of Excel": ("essays.tsv", lambda: exports.table(POSTS, CLOSED, "\t", "utf-16"), CLOSED),
    "hugo": ("site.zip", lambda: exports.hugo(POSTS), set()),
    "table": ("essays.csv", lambda: exports.table(POSTS, CLOSED), CLOSED),
    "folder": ("vocus.zip", lambda: exports.folder(POSTS, CLOSED), CLOSED),
}


def text_of(html: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", part).strip() for part in re.findall(r"<p>.*?</p>|<h2>.*?</h2>", html)]


def same(post: FakePost, essay: Essay, form: str, closed: set[int]) -> list[bool]:
    return [
        essay.title == post.title,
        essay.published == post.written.astimezone(TAIPEI).date(),
        form in SAYS_NO_AUTHOR or essay.author == post.author,
        form in SAYS_NO_TAGS or essay.tags == post.tags,
        form in SAYS_NO_ADDRESS or essay.url == exports.address(post),
        (essay.visibility == Visibility.MEMBERS) == (post.number in closed),
        [block.text for block in essay.blocks] == text_of(post_html(post)),
    ]


@pytest.mark.parametrize("form", FILES)
def test_an_export_comes_back_as_it_was_written(form: str, tmp_path: Path) -> None:
    name, make, closed = FILES[form]
    (tmp_path / name).write_bytes(make())
    held = {essay.title: essay for essay in extract_file(tmp_path / name).essays}
    assert len(held) == len(POSTS), "drafts, pages and comments stay out"
    checks = [(post.number, same(post, held[post.title], form, closed)) for post in POSTS if post.title in held]
    right = sum(sum(one) for _, one in checks)
    assert right / (7 * len(POSTS)) >= 0.995, [(number, one) for number, one in checks if not all(one)][:5]


def test_drafts_and_pages_come_only_when_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "blog.xml").write_bytes(exports.wxr(POSTS[:3]))
    found = extract_file(tmp_path / "blog.xml")
    assert {left.text for left in found.left_out if "：" in left.text} >= {"關於：網站的頁面", "沒寫完：草稿"}
    assert len(extract_file(tmp_path / "blog.xml", drafts=True).essays) == 5


def test_an_export_is_no_news(tmp_path: Path) -> None:
    (tmp_path / "blog.xml").write_bytes(exports.wxr(POSTS[:1]))
    (tmp_path / "note.md").write_text("# 一篇\n\n文字。", encoding="utf-8")
    assert is_export_file(tmp_path / "blog.xml") and not is_export_file(tmp_path / "note.md")


def test_a_sitemap_is_never_prose(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text(
        "<?xml version='1.0'?><urlset><url><loc>https://a.example/1</loc></url></urlset>"
    )
    with pytest.raises(IntakeError, match="網站地圖"):
        extract_file(tmp_path / "sitemap.xml")


def test_a_feed_of_teasers_is_never_prose(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>站</title><item><title>一篇</title>"
        "<link>https://a.example/1</link><description>摘要而已</description></item></channel></rss>",
        encoding="utf-8",
    )
    with pytest.raises(IntakeError):
        extract_file(tmp_path / "feed.xml")


def test_plain_text_in_an_export_keeps_its_signs() -> None:
    said = "毛利率<50%的<AI>伺服器"
    row = {"id": 1, "title": "一篇", "status": "published", "plaintext": said}
    (of_ghost,) = read_export(json.dumps({"db": [{"data": {"posts": [row]}}]}).encode(), "a.json", "ghost")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("posts.csv", "post_id,title,subtitle,is_published\n1.a,一篇,毛利率<50%與>40%的兩家,true\n")
    (of_substack,) = read_export(packed.getvalue(), "a.zip", "substack")
    assert of_ghost.html == "<p>毛利率&lt;50%的&lt;AI&gt;伺服器</p>"
    assert of_substack.html == "<p>毛利率&lt;50%與&gt;40%的兩家</p>"


def test_a_zip_of_more_files_than_are_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_file, "MOST_ENTRIES", 2)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("1.md", "2.md", "posts.csv"):
            archive.writestr(name, "post_id,title\n")
    assert export_form(packed.getvalue(), "a.zip") == "substack"
    with pytest.raises(IntakeError, match="檔案太多"):
        archive_file.read_zip(packed.getvalue(), "a.zip")
