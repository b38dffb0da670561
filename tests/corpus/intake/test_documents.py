"""Essays out of PDF and Word files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

from corpus.essay import BlockKind, Essay, Table
from corpus.intake import IntakeError, essays_in_bytes, essays_in_file
from corpus.intake.docx_file import read_docx
from corpus.intake.extracted import Reason
from corpus.intake.pdf import read_pdf
from tests.support.hostile import docx_files
from tests.support.hostile.pages import TOLD, article
from tests.support.hostile.pdfs import Printed, printed

pytestmark = pytest.mark.slow


FULL = "電網的升級要花十年,變壓器的交期卻只看這兩年。台電說,訂單已經排到後年,擴產要等土"  # as wide as the column
REST = "地和熟手。"


def set_in_type(*lines: tuple[str, float], top: float = 780) -> list[Printed]:
    """Lines of (text, size) one below the other; an empty one leaves a space."""
    printed_lines = []
    for text, size in lines:
        top -= 1.5 * size
        if text:
            printed_lines.append((text, 72.0, top, size))
    return printed_lines


def kinds(essay: Essay) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in essay.blocks]


def only(essays: Sequence[Essay]) -> Essay:
    (essay,) = essays
    return essay


class TestPdf:
    def test_large_letters_are_headings_and_lines_are_joined_to_paragraphs(self) -> None:
        lines = set_in_type(
            ("變壓器的十年訂單", 20), ("作者:王小明 2026-03-05", 10), ("", 10),
            (FULL, 10), (REST, 10), ("", 10), (FULL, 10), (REST, 10), ("", 10), ("誰先受惠", 14), ("", 10), (FULL, 10), (REST, 10),
        )  # fmt: skip
        essay = only(read_pdf(printed(lines), "a.pdf").essays)
        assert (essay.title, essay.author, essay.published) == ("變壓器的十年訂單", "王小明", date(2026, 3, 5))
        told = FULL + REST
        assert kinds(essay) == [("text", told), ("text", told), ("heading", "誰先受惠"), ("text", told)]

    def test_a_paragraph_goes_on_over_the_page_without_running_heads_and_page_numbers(self) -> None:
        def page(number: int, *lines: tuple[str, float]) -> list[Printed]:
            head, foot = ("產業週刊 第 12 期", 72.0, 810.0, 10.0), (f"- {number} -", 290.0, 30.0, 10.0)
            return [head, *set_in_type(*lines), foot]

        first = page(1, ("變壓器的十年訂單", 20), ("", 10), (FULL, 10), (FULL, 10))
        second = page(2, (FULL, 10), (REST, 10))
        essay = only(read_pdf(printed(first, second), "a.pdf").essays)
        assert kinds(essay) == [("text", FULL * 3 + REST)]

    def test_figures_that_stand_under_one_another_are_a_table(self) -> None:
        rows = [
            ("項目", "2024", "2025"),
            ("營收", "1,250", "1,480"),
            ("毛利率", "33.1%", "35.2%"),
            ("EPS", "12.5", "14.0"),
        ]
        lines = set_in_type(("變壓器的十年訂單", 20), ("", 10), (FULL, 10), (REST, 10))
        for at, row in enumerate(rows):
            lines += [(text, 72.0 + 140 * column, 600.0 - 16 * at, 10.0) for column, text in enumerate(row)]
        *_, table = only(read_pdf(printed(lines), "a.pdf").essays).blocks
        assert table.table == Table(rows[0], tuple(rows[1:]))

    def test_a_small_raised_figure_is_no_figure_of_its_number(self) -> None:
        lines = set_in_type(("變壓器的十年訂單", 20), ("", 10), (FULL, 10), (REST, 10))
        lines += [("去年的產能是 33", 72.0, 600.0, 10.0), ("1", 142.0, 604.0, 6.0), (" 萬片。", 146.0, 600.0, 10.0)]
        *_, text = only(read_pdf(printed(lines), "a.pdf").essays).blocks
        assert text.text == "去年的產能是 33¹ 萬片。"

    def test_a_line_that_a_long_word_did_not_fit_into_goes_on(self) -> None:
        short = FULL[:-7]  # as much as a typesetter leaves empty for the word that follows
        lines = set_in_type(
            ("變壓器的十年訂單", 20), ("", 10), (FULL, 10), (short, 10), ("2025/11/20-30，" + FULL[9:], 10), (REST, 10)
        )  # fmt: skip
        essay = only(read_pdf(printed(lines), "a.pdf").essays)
        assert kinds(essay) == [("text", f"{FULL}{short}2025/11/20-30，{FULL[9:]}{REST}")]

    def test_an_indent_begins_a_paragraph(self) -> None:
        told = [(FULL, 10.0), (FULL, 10.0), (FULL, 10.0), (REST, 10.0)]
        lines = [("變壓器的十年訂單", 72.0, 800.0, 20.0), *set_in_type(*told, top=740)]
        text, _, y, size = lines[3]
        lines[3] = (text[:-2], 92.0, y, size)
        essay = only(read_pdf(printed(lines), "a.pdf").essays)
        assert [len(block.text) for block in essay.blocks] == [2 * len(FULL), len(FULL) - 2 + len(REST)]

    def test_lists_stay_lists(self) -> None:
        lines = set_in_type(
            ("變壓器的十年訂單", 20),
            (FULL, 10),
            (REST, 10),
            ("• 華城", 10),
            ("• 士電", 10),
            ("1. 先看報價", 10),
            ("2. 再看產能", 10),
        )
        essay = only(read_pdf(printed(lines), "a.pdf").essays)
        assert kinds(essay)[1:] == [
            ("bullet", "華城"), ("bullet", "士電"), ("numbered", "1. 先看報價"), ("numbered", "2. 再看產能"),
        ]  # fmt: skip

    def test_each_title_in_the_largest_letters_begins_an_essay(self) -> None:
        one = set_in_type(("變壓器的十年訂單", 20), ("", 10), (FULL, 10), (REST, 10))
        two = set_in_type(("液冷是未來", 20), ("", 10), (FULL, 10), (REST, 10))
        assert [essay.title for essay in read_pdf(printed(one, two), "a.pdf").essays] == [
            "變壓器的十年訂單",
            "液冷是未來",
        ]

    def test_a_page_in_one_size_is_read_as_a_plain_page(self) -> None:
        lines = set_in_type(
            ("變壓器的十年訂單", 10),
            ("", 10),
            (FULL, 10),
            (REST, 10),
            ("", 10),
            ("誰先受惠", 10),
            ("", 10),
            (FULL, 10),
            (REST, 10),
        )
        essay = only(read_pdf(printed(lines), "a.pdf").essays)
        assert essay.title == "變壓器的十年訂單"
        assert kinds(essay) == [("text", FULL + REST), ("heading", "誰先受惠"), ("text", FULL + REST)]

    def test_radicals_become_the_characters_they_look_like(self) -> None:
        lines = set_in_type(("\u2f24廠的訂單", 20), ("", 10), ("交期很\u2ed1,\u2f64電也多。" + TOLD, 10))
        essay = only(read_pdf(printed(lines), "a.pdf").essays)
        assert essay.title == "大廠的訂單"
        assert essay.body.startswith("交期很長,用電也多。")


class TestWord:
    def save(self, document: object) -> bytes:
        out = BytesIO()
        document.save(out)  # type: ignore[attr-defined]
        return out.getvalue()

    def test_styles_tell_title_headings_and_lists(self) -> None:
        document = docx.Document()
        document.add_heading("變壓器的十年訂單", 0)
        document.add_paragraph("作者:王小明 2026-03-05")
        document.add_paragraph(TOLD)
        document.add_heading("誰先受惠", 1)
        document.add_paragraph(TOLD)
        for name, style in (
            ("華城", "List Bullet"),
            ("士電", "List Bullet"),
            ("先看報價", "List Number"),
            ("再看產能", "List Number"),
        ):
            document.add_paragraph(name, style=style)
        essay = only(read_docx(self.save(document), "a.docx").essays)
        assert (essay.title, essay.author, essay.published) == ("變壓器的十年訂單", "王小明", date(2026, 3, 5))
        assert kinds(essay) == [
            ("text", TOLD), ("heading", "誰先受惠"), ("text", TOLD), ("bullet", "華城"), ("bullet", "士電"),
            ("numbered", "1. 先看報價"), ("numbered", "2. 再看產能"),
        ]  # fmt: skip

    def test_a_table_of_data_stays_one_and_a_frame_of_one_cell_is_none(self) -> None:
        document = docx.Document()
        document.add_heading("變壓器的十年訂單", 0)
        document.add_paragraph(TOLD)
        table = document.add_table(2, 2)
        for at, text in enumerate(("公司", "代號", "華城", "1519")):
            table.cell(at // 2, at % 2).text = text
        document.add_table(1, 1).cell(0, 0).text = TOLD
        assert kinds(only(read_docx(self.save(document), "a.docx").essays)) == [
            ("text", TOLD), ("table", "華城\u3000代號：1519"), ("text", TOLD),
        ]  # fmt: skip

    def test_bold_lines_are_headings_where_the_text_is_not_bold(self) -> None:
        document = docx.Document()
        document.add_heading("變壓器的十年訂單", 0)
        for heading in ("誰先受惠", "風險在哪裡"):
            document.add_paragraph().add_run(heading).bold = True
            document.add_paragraph(TOLD)
        essay = only(read_docx(self.save(document), "a.docx").essays)
        assert essay.headings == ("誰先受惠", "風險在哪裡")

    def test_each_title_begins_an_essay(self) -> None:
        document = docx.Document()
        for title in ("變壓器的十年訂單", "液冷是未來"):
            document.add_heading(title, 1)
            document.add_paragraph(TOLD)
            document.add_heading("誰先受惠", 2)
            document.add_paragraph(TOLD)
        essays = read_docx(self.save(document), "a.docx").essays
        assert [(essay.title, essay.headings) for essay in essays] == [
            ("變壓器的十年訂單", ("誰先受惠",)),
            ("液冷是未來", ("誰先受惠",)),
        ]

    def test_sections_under_a_text_are_no_essays_of_their_own(self) -> None:
        document = docx.Document()
        document.add_paragraph("變壓器的十年訂單")
        document.add_paragraph(TOLD)
        for heading in ("誰先受惠", "風險在哪裡"):
            document.add_heading(heading, 1)
            document.add_paragraph(TOLD)
        assert only(read_docx(self.save(document), "a.docx").essays).headings[-2:] == ("誰先受惠", "風險在哪裡")

    def test_a_file_without_styles_is_read_as_a_plain_page(self) -> None:
        document = docx.Document()
        for text in ("變壓器的十年訂單", "2026-03-05", TOLD, "誰先受惠", TOLD):
            document.add_paragraph(text)
        essay = only(read_docx(self.save(document), "a.docx").essays)
        assert (essay.title, essay.headings, essay.published) == ("變壓器的十年訂單", ("誰先受惠",), date(2026, 3, 5))

    @pytest.mark.parametrize(
        ("body", "seen"),
        [
            ("<w:ins><w:r><w:t>加上的</w:t></w:r></w:ins>", "加上的"),
            ("<w:del><w:r><w:delText>刪掉的</w:delText></w:r></w:del>", ""),
            ("<w:moveFrom><w:r><w:t>搬走的</w:t></w:r></w:moveFrom>", ""),
            ("<w:hyperlink><w:r><w:t>連結</w:t></w:r></w:hyperlink>", "連結"),
            ("<w:smartTag><w:r><w:t>標記</w:t></w:r></w:smartTag>", "標記"),
            ("<w:r><w:instrText>HYPERLINK evil</w:instrText></w:r>", ""),
            ("<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>文字方塊</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>", "文字方塊"),
            ("<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>", ""),
            ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>", "甲|乙"),
        ],
    )  # fmt: skip
    def test_a_paragraph_says_what_its_reader_sees(self, body: str, seen: str) -> None:
        data = docx_files.with_body(docx_files.said(TOLD) + f"<w:p>{body}</w:p>" + docx_files.said(TOLD))
        middle = "|".join(read_docx(data, "a.docx").essays[0].body.split("\n")[1:-1])
        assert middle == seen

    def test_what_word_shows_nobody_and_what_stands_beside_the_text_is_left_out(self) -> None:
        document = docx.Document()
        document.sections[0].header.paragraphs[0].text = "內部資料"
        document.sections[0].footer.paragraphs[0].text = "第 1 頁"
        shown, gone = document.add_paragraph(TOLD), document.add_paragraph("毛利率 33.1%")
        shown.add_run("先別公開").font.hidden = True
        gone._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>刪掉的 40%</w:delText></w:r></w:del>"))
        found = read_docx(self.save(document), "a.docx")
        assert only(found.essays).body == f"{TOLD}\n毛利率 33.1%"
        assert {(left.text, left.reason) for left in found.left_out} == {
            ("內部資料", Reason.FRAME), ("第 1 頁", Reason.FRAME), ("先別公開", Reason.HIDDEN), ("刪掉的 40%", Reason.HIDDEN),
        }  # fmt: skip

    def test_a_note_in_a_frame_is_counted_once(self) -> None:
        mark = "<w:r><w:footnoteReference w:id='2'/></w:r>"
        cell = f"<w:tc><w:p><w:r><w:t>{TOLD}</w:t></w:r>{mark}</w:p></w:tc>"
        data = docx_files.with_body(docx_files.said(TOLD) + f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")
        assert only(read_docx(data, "a.docx").essays).body == f"{TOLD}\n{TOLD}¹"

    def test_text_in_content_controls_is_read(self) -> None:
        data = docx_files.with_body(f"<w:sdt><w:sdtContent>{docx_files.said(TOLD)}</w:sdtContent></w:sdt>")
        assert only(read_docx(data, "a.docx").essays).body == TOLD


def test_files_of_either_kind_are_read_from_disk(tmp_path: Path) -> None:
    pdf, word = tmp_path / "a.pdf", tmp_path / "b.DOCX"
    pdf.write_bytes(printed(set_in_type(("變壓器的十年訂單", 20), ("", 10), (FULL, 10), (REST, 10))))
    word.write_bytes(docx_files.word("液冷是未來", TOLD))
    assert only(essays_in_file(pdf)).title == "變壓器的十年訂單"
    assert only(essays_in_file(word)).title == "液冷是未來"


def test_the_first_bytes_tell_what_a_file_is() -> None:
    assert only(essays_in_bytes(docx_files.word("液冷是未來", TOLD), "沒有副檔名")).title == "液冷是未來"
    fetched = essays_in_bytes(article(""), "https://example.com/files/report.pdf", content_type="text/html")
    assert only(fetched).title == "變壓器的十年訂單"


def test_an_essay_comes_back_whole() -> None:
    front = "title: 變壓器的十年訂單\nauthor: 王小明\ndate: 2026-03-05\ntags: [電網, 重電]\nurl: https://example.com/a"
    page = f"---\n{front}\n---\n{TOLD}\n\n## 誰先受惠\n\n- 華城\n"
    essay = only(essays_in_bytes(page.encode(), "a.md"))
    assert (essay.title, essay.author, essay.published) == ("變壓器的十年訂單", "王小明", date(2026, 3, 5))
    assert (essay.tags, essay.url) == (("電網", "重電"), "https://example.com/a")
    assert [block.kind for block in essay.blocks] == [BlockKind.TEXT, BlockKind.HEADING, BlockKind.BULLET]


@pytest.mark.parametrize(("name", "content_type"), [("a.pdf", ""), ("a.docx", ""), ("a", "application/pdf")])
def test_a_file_that_is_not_what_it_says_is_refused(name: str, content_type: str) -> None:
    from corpus.intake.readers import extracted_of

    with pytest.raises(IntakeError, match="內容不是"):
        extracted_of(TOLD.encode(), name, content_type)
