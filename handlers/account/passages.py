"""收藏這段, 取消收藏這段, 匯出收藏: passages that one person keeps, with a note of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from corpus.essay import Essay, Paragraph
from corpus.language.numerals import read_number
from handlers.answer import LONGEST_DATA, NAMELESS, Answer, Button, Choice, Link, Outcome, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.kept_passages import MOST
from handlers.club.people import Purpose
from handlers.command import Command
from handlers.context import Context
from handlers.verb import Verb

WHICH = "要收藏哪一段？先問一題或打開一篇，看到喜歡的段落再按「收藏這段」。"
GONE = "找不到這一段，可能改過或只給會員看。"
LOCKED = "這篇只給會員看，可以先收藏整篇。"
LONGEST_NOTE = 500
OFFERED = 5
SHOWN = 30  # characters of a kept passage
EXPORT_LIFE = timedelta(minutes=10)

_PLACE = re.compile(r"#(?P<essay>\d{1,9})(?:-(?P<paragraph>\d{1,5}))?(?![\w-])[\s:：,，]*(?P<note>.*)", re.DOTALL)
_NTH = re.compile(r"第\s*(?P<ordinal>\d{1,2}|[一二兩三四五六七八九十])\s*[段則篇個]|(?P<plain>\d{1,2})(?![\w.%])")
_LABEL = re.compile(r"^(?:備註|註記|筆記)[\s:：]*")


def keep(ask: Ask, context: Context) -> Answer | Ask:
    """Keep the passage just shown, or that of a given place; the words after the place are a note on it."""
    if ask.user is None:
        return error_answer(NAMELESS)
    if ask.as_free_text and not _LABEL.match(ask.text):
        return ask.as_free_text  # 收藏這段是什麼
    typed = _pointed(ask.text, ask.session.passages)
    named = _PLACE.fullmatch(typed)
    note = _LABEL.sub("", (named["note"] if named else typed).strip())
    if len(note) > LONGEST_NOTE:
        return error_answer(f"備註最多 {LONGEST_NOTE} 個字，這則有 {len(note)} 個字。")
    places = _places(named, ask)
    if not places:
        return error_answer(WHICH, Button("最新文章", Verb.LATEST))
    if len(places) > 1:
        return _which(places, note, context)
    essay, paragraph = _passage(*places[0], context)
    if essay is not None and context.library.is_locked(essay) and not essay.open_blocks:
        return error_answer(LOCKED, Button("收藏這篇", Verb.SAVE.of(f"#{essay.id}")))  # its lead is no passage of it
    if essay is None or paragraph is None:
        return error_answer(GONE)
    return _kept(ask.user, essay, paragraph, note, ask, context)


def let_go(ask: Ask, context: Context) -> Answer | Ask:
    """Let one passage go, whether or not it can still be read."""
    if ask.user is None:
        return error_answer(NAMELESS)
    named = _PLACE.fullmatch(ask.text)
    places = _places(named, ask)
    if len(places) != 1:
        return error_answer("要取消哪一段？在「我的收藏」裡按「取消收藏」。", Button("我的收藏", Verb.SAVED))
    essay_id, paragraph = places[0]
    gone = context.club.passages.let_go(ask.user, essay_id, paragraph)
    text = "已取消收藏這段。" if gone else "本來就沒收藏這段。"
    undo = Verb.KEEP.of(f"#{essay_id}-{paragraph}") if gone else ""
    return text_answer(text, Button("我的收藏", Verb.SAVED), undo=undo)


def export(ask: Ask, context: Context) -> Answer:
    """Give a link that hands all kept essays and passages over as Markdown, once."""
    if ask.user is None:
        return error_answer(NAMELESS)
    if not context.address:
        return error_answer("還沒設定對外網址（PUBLIC_URL），沒有地方下載。")
    if not (context.club.passages.count(ask.user) or context.club.bookmarks.saved(ask.user, 1)):
        return text_answer("還沒有收藏。看到喜歡的段落按「收藏這段」。", Button("最新文章", Verb.LATEST))
    code = context.club.people.make_code(Purpose.KEPT, ask.at, EXPORT_LIFE, user=ask.user)
    link = f"{context.address.rstrip('/')}/my-data/kept?code={code}&openExternalBrowser=1"
    return text_answer("十分鐘內按一次有效，是一個 Markdown 檔。請不要轉傳。", Link("打開", link))


def _pointed(text: str, shown: Sequence[tuple[int, int]]) -> str:
    """Replace a number in the list just shown, at the beginning, by the passage's own place: 「2 備註」 -> 「#24-3 備註」."""
    match = _NTH.match(text)
    number = read_number(match["ordinal"] or match["plain"]) if match else 0
    if not match or not 1 <= number <= len(places := list(dict.fromkeys(shown))):
        return text
    essay_id, paragraph = places[number - 1]
    return f"#{essay_id}-{paragraph} {text[match.end() :]}"


def _places(named: re.Match[str] | None, ask: Ask) -> list[tuple[int, int]]:
    """Return the (essay, paragraph) pairs that may be meant: the place that was named, or the passages shown last."""
    shown = list(dict.fromkeys(ask.session.passages))
    if named and named["paragraph"]:
        return [(int(named["essay"]), int(named["paragraph"]))]
    essay = int(named["essay"]) if named else ask.session.opened
    held = [place for place in shown if place[0] == essay]
    if held or named:
        return held[:1] or [(essay, 0)]
    return shown


def _which(places: Sequence[tuple[int, int]], note: str, context: Context) -> Answer:
    """Ask which passage is meant, offering each by its beginning."""
    choices = []
    for essay_id, number in places[:OFFERED]:
        essay, paragraph = _passage(essay_id, number, context)
        says = Verb.KEEP.of(f"#{essay_id}-{number} {note}".strip())
        if essay and paragraph and len(says) <= LONGEST_DATA:
            choices.append(Choice(_short(paragraph.text), says, essay.title))
    return Answer(Outcome.CHOICES, text="要收藏哪一段？", choices=tuple(choices)) if choices else error_answer(GONE)


def _passage(essay_id: int, number: int, context: Context) -> tuple[Essay | None, Paragraph | None]:
    """Return an essay and its paragraph as this asker may read them: a paragraph that is held back cannot be kept."""
    essay = context.library.essay(essay_id)
    found = next((one for one in essay.paragraphs if one.index == number), None) if essay else None
    return essay, found


def _kept(user: str, essay: Essay, paragraph: Paragraph, note: str, ask: Ask, context: Context) -> Answer:
    if context.club.passages.count(user) >= MOST:
        return error_answer(f"最多收藏 {MOST} 段，先取消幾段。", Button("我的收藏", Verb.SAVED))
    place = f"#{essay.id}-{paragraph.index}"
    fresh = context.club.passages.keep(user, essay.id, paragraph, note, ask.at)
    undo = Verb.LET_GO.of(place)
    short = _short(paragraph.text)
    word = "已收藏這段" if fresh else "備註改好了" if note else "這段已經收藏過了"
    hint = "" if note or fresh else f"要加備註就打「{Verb.KEEP} {place} 你的備註」。"
    return text_answer(
        f"{word}：「{short}」{f'備註：{note}' if note else ''}{hint}",
        Button("加備註", Verb.KEEP.of(place), fills=Verb.KEEP.of(f"{place} ")),
        Button("取消收藏", undo),
        Button("我的收藏", Verb.SAVED),
        undo=undo if fresh else "",
    )


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN else words[:SHOWN] + "…"


KEEP = Command(
    (Verb.KEEP, "收藏這一段", "存這段", "keep"),
    "收藏這段、收藏這段 備註…",
    "留住剛才引用的那一段，可以加備註",
    ("收藏這段 #1-0",),
    keep,
    personal=True,
    raw_rest=True,
)
LET_GO = Command(
    (Verb.LET_GO, "取消收藏這一段", "unkeep"),
    "取消收藏這段",
    "不留那一段了",
    ("取消收藏這段 #1-0",),
    let_go,
    personal=True,
)
EXPORT_KEPT = Command(
    (Verb.EXPORT_KEPT, "匯出我的收藏", "下載收藏", "下載我的收藏", "exportsaved"),
    "匯出收藏",
    "把收藏的文章和段落整份給你（Markdown）",
    ("匯出收藏",),
    export,
    group=False,
    exact_only=True,
    personal=True,
)
