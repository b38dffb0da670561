"""沒答到的, 同義詞, 別名, 新增主題, 新詞: the gaps in the archive, and the words that moderators teach it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from corpus.language.pinyin import syllables
from corpus.language.text import to_halfwidth
from corpus.resources import words_of
from corpus.storage.lexicon_edits import LONGEST, LineKind
from handlers.answer import LONGEST_DATA, Answer, Button, Outcome, error_answer, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.command import editing_command
from handlers.context import Context
from handlers.identity import Role
from handlers.text.paging import split_page
from handlers.verb import Verb

PAGE = 10
LONGEST_WORD = 40
STRIKE = "刪除"

_STRUCK = re.compile(rf"^{STRIKE}\s*(.+)$")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")  # white space and control characters
_BETWEEN = re.compile(r"\s*(?:[=、,]|等[於同])\s*")
_KEY = re.compile(r"[^a-z0-9]+")


def gaps(ask: Ask, context: Context) -> Answer:
    """List questions asked in vain or answered beside the point, the most frequent first; 清掉 ‹question› settles one."""
    if ask.text.startswith("清掉"):
        return _settled(ask.text.removeprefix("清掉").strip(), ask, context)
    _, page = split_page(ask.text)
    listed = context.club.gaps.grouped(PAGE + 1, (page - 1) * PAGE)
    if not listed:
        return text_answer("沒有沒答到的問題。" if page == 1 else "沒有更多了。")
    here = listed[:PAGE]
    rows = tuple((gap.question, _counted(gap.missed, gap.wrong)) for gap in here)
    buttons = [Button(f"清掉「{gap.question}」", Verb.GAPS.of(f"清掉 {gap.question}")) for gap in here[:3]]
    if len(listed) > PAGE:
        buttons.insert(0, Button("更多", Verb.GAPS.of(f"第{page + 1}頁")))
    answer = text_answer("大家問過、文章還沒答到的：", *buttons, session=Session(Verb.GAPS, page))
    return replace(answer, rows=rows)


def synonyms(ask: Ask, context: Context) -> Answer:
    """Teach synonyms, so that a search for one finds the other: 同義詞 液冷=水冷."""
    words = _words(ask.text)
    if len(words) < 2:
        return _listed(LineKind.SYNONYM, "例如「同義詞 液冷=水冷」。", ask, context)
    return _teach(LineKind.SYNONYM, " = ".join(words), f"同義詞：{' = '.join(words)}", ask, context)


def aliases(ask: Ask, context: Context) -> Answer:
    """Teach another name of a security: 別名 2330=護國神山."""
    words = _words(ask.text)
    if len(words) < 2:
        return _listed(LineKind.ALIAS, "例如「別名 2330=護國神山」。", ask, context)
    found = context.library.subjects.resolve_security(words[0])
    if len(found) != 1:
        return error_answer(f"「{words[0]}」不是一檔個股的代號或名稱，請用代號，例如「別名 2330=護國神山」。")
    one = found[0]
    return _teach(
        LineKind.ALIAS, f"{one.code}\tname\t{'、'.join(words[1:])}", f"{one.name}：{'、'.join(words[1:])}", ask, context
    )


def themes(ask: Ask, context: Context) -> Answer:
    """Teach a theme with the words that betray it: 新增主題 寵物經濟=寵物食品、寵物醫療."""
    words = _words(ask.text)
    if not words:
        return _listed(LineKind.THEME, "例如「新增主題 寵物經濟=寵物食品、寵物醫療」。", ask, context)
    known = next((theme for word in words if (theme := context.library.subjects.resolve_theme(word))), None)
    if known is not None:
        return error_answer(f"已經有主題「{known.name}」。", Button(f"看{known.name}"[:20], Verb.THEME.of(known.name)))
    return _teach(
        LineKind.THEME, _entry(words), f"主題「{words[0]}」", ask, context, Button("看主題", Verb.THEME.of(words[0]))
    )


def new_words(ask: Ask, context: Context) -> Answer:
    """Ask about suggested words one by one: 收 keeps a word whole from now on, 不收 is final too."""
    verdict, _, word = ask.text.partition(" ")
    word = word.strip()
    said_first = ""
    if verdict in ("收", "不收") and word:
        if not context.archive_admin.decide_suggestion(word, accept=verdict == "收"):
            return error_answer(f"沒有「{word}」這個建議。", Button("新詞", Verb.NEW_WORDS))
        if verdict == "收":
            context.archive_admin.edit_lexicon(LineKind.WORD, word, ask.at, ask.user or "")
        context.club.audit.note(ask.user or "", "word", f"word:{word[:50]}", ask.at, verdict)
        said_first = f"「{word}」{verdict}了。"
    return _next_word(said_first, context)


def _next_word(said_first: str, context: Context) -> Answer:
    waiting = context.archive_admin.suggestions(1)
    if not waiting:
        return text_answer(f"{said_first}沒有等著看的新詞了。", session=Session())
    word, essay = waiting[0]
    origin = f"（出自〈{essay.title}〉）" if essay else ""
    return text_answer(
        f"{said_first}「{word}」{origin}是一個詞嗎？收了以後會當成一個完整的詞來找。",
        Button("收", Verb.NEW_WORDS.of(f"收 {word}")),
        Button("不收", Verb.NEW_WORDS.of(f"不收 {word}")),
        session=Session(),
    )


def _teach(kind: LineKind, line: str, what: str, ask: Ask, context: Context, *more: Button) -> Answer:
    if len(line) > LONGEST:
        return error_answer("太長了，一條記不下，請少寫幾個詞。", Button("全部", _VERBS[kind]))
    if not context.archive_admin.edit_lexicon(kind, line, ask.at, ask.user or ""):
        return text_answer(f"本來就有了：{what}。")
    context.club.audit.note(ask.user or "", "teach", f"lexicon:{kind}", ask.at, readable(kind, line))
    verb = _VERBS[kind]
    undo = verb.of(f"{STRIKE} {readable(kind, line)}")
    undoing = [Button("不要這條", undo)] if len(undo) <= LONGEST_DATA else []
    return text_answer(f"記住了，下一題就算數。{what}。", *more, *undoing, Button("全部", verb))


def _listed(kind: LineKind, example: str, ask: Ask, context: Context) -> Answer:
    lines, verb = context.archive_admin.lines().get(kind, ()), _VERBS[kind]
    if (match := _STRUCK.match(ask.text)) is not None:
        return _strike(kind, lines, match.group(1), ask, context)
    if ask.text:
        return error_answer(f"看不懂，{example}", Button("全部", verb))
    if not lines:
        return text_answer(f"還沒有自己加的。{example}", keyboard(verb))
    rows = tuple((f"{place} {readable(kind, line)}", "") for place, line in enumerate(lines, 1))
    told = f"自己加的；刪除打「{verb} {STRIKE} 1」。{example}"
    return Answer(Outcome.SAID, text=told, rows=rows, buttons=(keyboard(verb),))


def _strike(kind: LineKind, lines: tuple[str, ...], which: str, ask: Ask, context: Context) -> Answer:
    """Strike a line by its words, as buttons do, so that an old one strikes no other; or by its place in the list."""
    said_so = {_spelt(readable(kind, line)): line for line in lines}
    places = {str(place): line for place, line in enumerate(lines, 1)}
    line = said_so.get(_spelt(which)) or places.get(which)
    if line is None:
        return error_answer("沒有這一條。", Button("全部", _VERBS[kind]))
    context.archive_admin.edit_lexicon(kind, line, ask.at, ask.user or "", stands=False)
    context.club.audit.note(ask.user or "", "unteach", f"lexicon:{kind}", ask.at, readable(kind, line))
    return text_answer(f"刪掉了：{readable(kind, line)}。", Button("全部", _VERBS[kind]))


def _settled(question: str, ask: Ask, context: Context) -> Answer:
    if not question or not context.club.gaps.settle(question):
        return error_answer("沒有這個問題。", Button("沒答到的", Verb.GAPS))
    context.club.audit.note(ask.user or "", "settle", "gaps", ask.at)  # without the words, which are somebody's
    return text_answer(f"清掉了：{question[:40]}", Button("沒答到的", Verb.GAPS))


def _words(text: str) -> list[str]:
    """Return the words between = or 、, each once and on one line; none where one is too long, or has no letter."""
    words = _BETWEEN.split(_BLANK.sub(" ", to_halfwidth(text)).strip())
    whole = all(_is_word(word) and not _STRUCK.match(word) for word in words)
    return list(dict.fromkeys(words)) if whole else []


def _is_word(text: str) -> bool:
    return len(text) <= LONGEST_WORD and any(map(str.isalnum, text))


def _entry(words: list[str]) -> str:
    """Return a theme as themes.toml would hold it."""
    aliases = ", ".join(_quoted(word) for word in words[1:])
    return f"[{_key(words[0])}]\nname = {_quoted(words[0])}\naliases = [{aliases}]\nstrong = [{_quoted(words[0])}]"


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)


def _key(name: str) -> str:
    """Return a theme's key: its name in Latin letters. No theme of the files has one that begins with own_."""
    spelt = "".join(part if part == sign else f" {part} " for sign, part in zip(name, syllables(name), strict=True))
    return "own_" + _KEY.sub("_", spelt.lower()).strip("_")[:50]


def _spelt(line: str) -> str:
    return "".join(to_halfwidth(line).split())


def readable(kind: LineKind, line: str) -> str:
    """Return a line as a person would type it; a theme that cannot be read, as it is written."""
    said = " = ".join(dict.fromkeys(words_of(kind, line))) if kind is LineKind.THEME else ""
    return " ".join((said or line.replace("\tname\t", " = ")).split())


def _counted(missed: int, wrong: int) -> str:
    parts = [f"沒答到 {missed} 次"] * bool(missed) + [f"答非所問 {wrong} 次"] * bool(wrong)
    return "、".join(parts)


_VERBS = {
    LineKind.SYNONYM: Verb.SYNONYM,
    LineKind.ALIAS: Verb.ALIAS,
    LineKind.THEME: Verb.NEW_THEME,
}


GAPS = editing_command((Verb.GAPS, "gaps"), "沒答到的", "大家問過、文章還沒答到的", gaps)
SYNONYMS = editing_command((Verb.SYNONYM, "synonym"), "同義詞 液冷=水冷", "問一個也找另一個", synonyms, Role.MODERATOR)
ALIASES = editing_command((Verb.ALIAS, "alias"), "別名 2330=護國神山", "個股的另一個叫法", aliases, Role.MODERATOR)
THEMES = editing_command(
    (Verb.NEW_THEME, "newtheme"), "新增主題 寵物經濟=寵物食品", "多一個主題", themes, Role.MODERATOR
)
NEW_WORDS = editing_command(
    (Verb.NEW_WORDS, "newwords"), "新詞", "文章裡沒見過的詞，收或不收", new_words, Role.MODERATOR
)
