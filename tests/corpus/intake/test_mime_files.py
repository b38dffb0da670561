"""Saved mails and saved web pages: MIME files become essays as copied mails and fetched pages do."""

from __future__ import annotations

from base64 import encodebytes
from datetime import date
from email.message import EmailMessage

import pytest

from corpus.essay import Essay, Visibility
from corpus.intake import IntakeError
from corpus.intake.extracted import Extracted
from corpus.intake.readers import extracted_of

BODY = (
    "上週談到變壓器的交期，讀者問得最多的是銅線。銅價在三月漲了 8%，但繞線的人工漲了兩成，這才是交期縮不回來的原因。",
    "我的看法沒有變：產能不是機器的問題，是師傅的問題。一位熟練的繞線師傅要訓練三年，全台灣大約只有 400 位。",
)
HTML = (
    "<html><body><div style='display:none'>預覽字</div><table><tr><td><h1>銅線與師傅</h1>"
    f"<p>{BODY[0]}</p><h2>師傅從哪裡來</h2><p>{BODY[1]}</p></td></tr></table>"
    "<p>© 2025 電網筆記 <a href='#'>取消訂閱</a></p></body></html>"
)
FORWARDED = """給大家看看

---------- Forwarded message ---------
寄件者： 許庭瑜 <hsu@x.tw>
日期： 2025年3月10日 週一 下午11:30
主旨： 銅線與師傅

"""


def mail(subject: str = "銅線與師傅", sender: str = "電網筆記 <note@x.tw>") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, sender
    message["Date"] = "Mon, 10 Mar 2025 23:30:00 +0000"
    return message


def read(message: EmailMessage) -> Extracted:
    return extracted_of(message.as_bytes(), "a.eml")


def paragraphs(essay: Essay) -> tuple[str, ...]:
    return tuple(paragraph.text for paragraph in essay.paragraphs)


def saved_page(html: str) -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.tw/copper\r\nSubject: =?utf-8?Q?=E9=8A=85?=\r\n"
        "Date: Sat, 5 Apr 2025 08:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n--B\r\n'
        "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + encodebytes(html.encode()) + b"\r\n--B--\r\n"


def test_a_mail_is_read_as_its_page_under_its_subject_with_its_sender_and_its_day_in_taipei() -> None:
    message = mail("第 12 期：銅線與師傅")
    message.set_content("\n\n".join(BODY))
    message.add_alternative(HTML, subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="附表.pdf")
    found = read(message)
    (essay,) = found.essays
    assert (essay.title, essay.author, essay.published) == ("第 12 期：銅線與師傅", "電網筆記", date(2025, 3, 11))
    assert paragraphs(essay) == BODY
    assert essay.headings == ("師傅從哪裡來",)
    left_out = [left.text for left in found.left_out]
    assert {"預覽字", "銅線與師傅", "附件：附表.pdf"} <= set(left_out)


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "quoted-printable"), ("big5", "base64"), ("utf-8", "8bit")]
)
def test_a_mail_of_plain_text_is_read_in_its_own_encoding(charset: str, encoding: str) -> None:
    message = mail()
    message.set_content("\n\n".join(BODY), charset=charset, cte=encoding)
    (essay,) = read(message).essays
    assert (essay.title, essay.author, paragraphs(essay)) == ("銅線與師傅", "電網筆記", BODY)


def test_a_charset_that_is_not_the_text_s_is_not_believed() -> None:
    message = mail()
    message.set_content("\n\n".join(BODY), charset="big5", cte="8bit")
    mislabelled = message.as_bytes().replace(b'charset="big5"', b'charset="us-ascii"')
    (essay,) = extracted_of(mislabelled, "a.eml").essays
    assert paragraphs(essay) == BODY


def test_a_mail_handed_on_is_the_inner_one_s() -> None:
    message = mail("Fwd: 銅線與師傅", "阿明 <ming@y.tw>")
    message.set_content(FORWARDED + "\n\n".join(BODY))
    message.add_alternative(f"<p>給大家看看</p><p>{'</p><p>'.join(BODY)}</p>", subtype="html")
    found = read(message)
    (essay,) = found.essays
    assert (essay.title, essay.author, essay.published) == ("銅線與師傅", "許庭瑜", date(2025, 3, 10))
    assert "給大家看看" in [left.text for left in found.left_out]


def test_a_saved_page_keeps_its_address_and_not_the_day_it_was_saved_on() -> None:
    found = extracted_of(saved_page(HTML), "a.mhtml")
    (essay,) = found.essays
    assert (essay.title, essay.url, essay.published, essay.author) == ("銅線與師傅", "https://x.tw/copper", None, None)


def test_a_saved_page_with_a_paywall_is_no_public_essay() -> None:
    walled = HTML.replace("<p>©", "<!-- members-only --><p>©")
    (essay,) = extracted_of(saved_page(walled), "a.mhtml").essays
    assert essay.visibility is Visibility.MEMBERS


def test_a_mail_without_words_is_refused_by_name() -> None:
    message = mail()
    message.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="圖.jpg")
    with pytest.raises(IntakeError, match="裡面沒有文字"):
        read(message)


def test_a_mail_that_was_copied_as_text_is_still_read_as_text() -> None:
    text = f"From: 許庭瑜 <hsu@x.tw>\nSubject: 銅線與師傅\nDate: 2025-03-10\n\n{BODY[0]}\n\n{BODY[1]}\n"
    (essay,) = extracted_of(text.encode(), "a.txt").essays
    assert (essay.title, essay.author, paragraphs(essay)) == ("銅線與師傅", "許庭瑜", BODY)
