"""找: the passage that answers a question, a few choices, or one honest line that there is none."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.language.text import fold
from corpus.lexicon.security import Security
from corpus.search.finding import EssayHit, Finding
from corpus.search.question import Word
from handlers.answer import Answer, Button, Choice, Outcome, choices_answer, error_answer, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.club.gaps import Gap
from handlers.club.topic import and_apart
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.reading.cards import PAGE, citation, hit_card
from handlers.reading.security_names import securities_named, security_key, surely_meant
from handlers.text.bot_words import bot_topic, is_english, without_empty_words
from handlers.text.decorations import subject_of
from handlers.text.empty_words import COMPARING
from handlers.text.paging import split_page
from handlers.text.small_talk_words import (
    as_typed,
    is_chatter,
    is_mostly_empty,
    is_said_to_us,
    is_sentence,
    said_words,
    speaks_of_us_or_the_day,
)
from handlers.text.work_words import is_of_work
from handlers.verb import Verb

LEAST_SHARE = 0.4  # of the first hit's share of the question: hits with less are not shown
OTHER_TIMES = "這段時間沒有寫到，這是其他時間的文章："
RIVAL_SHARE = 0.9  # of the first hit's share: another hit with as much is a rival
UNSURE = "不太確定，最接近的是："
IN_PRIVATE = "群組裡先不猜，私訊我看相關的文章。"
BUILDING = "文章索引還在更新，請過一會再問一次。"
MOST_NAMES = 8
SHORTEST_CLAUSE = 3  # characters of one that may be about us, whatever the others say: 「編輯在嗎 文章數字怪怪的」
MOST = 200  # characters of a question that are kept or repeated
NOT_OF_ESSAYS = "問我怎麼用按「說明」，找人按「問編輯」。"
NOTHING = "想找什麼？打公司、代號或主題，例如「散熱」「2330」。"
NO_ADDRESS = "外面的網址我打不開；打公司、代號或主題，我從社群的文章裡找。"

_CODE = re.compile(r"\d{4,6}[A-Za-z]?")
_COUNT = re.compile(r"(?:at|to|by)?\d{1,3}(?:[ap]m)?")  # folding joins a small word and its number
_REMARK = re.compile(r"[㐀-鿿][很好太超真][㐀-鿿]")  # 字好小, where no dictionary has it
_WORDS = re.compile(r"[\w一-鿿]")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_LAST_SIGNS = re.compile(r"[^\w]+$")
_APART = re.compile(r"[\s,、，;]+")
_ALONE = re.compile(r"[\w.&-]{3,20}")


def find(ask: Ask, context: Context) -> Answer | Ask:
    """Search the archive; a name or code alone asks for its card, a theme alone for its digest."""
    question, page = split_page(_ADDRESS.sub(" ", ask.text))
    if not _WORDS.search(question) or is_chatter(question):
        return error_answer(NO_ADDRESS if _ADDRESS.search(ask.text) else NOTHING, keyboard(Verb.FIND))
    found = securities_named(question, context) if page == 1 else []
    if (meant := _meant(question, page, found, ask, context)) is not None:
        return meant
    size = 1 if ask.chat.is_group else PAGE
    finding = context.library.search(question, ask.at, strict=ask.chat.is_group, limit=max(6, page * size + 1))
    if page == 1 and ask.is_free_text and not found and _is_talk(question, finding, ask, context):
        return ask.with_text(Verb.TALK.of(question))
    if ask.quoted and page == 1 and (within := _within_quoted(question, finding, ask, context)):
        question, finding = within
    if page == 1 and not found and (name := _misspelt(question, finding, context)):
        return ask.with_text(Verb.SECURITY.of(name))
    if finding.outcome == "not_covered" or not finding.hits:
        if page > 1:
            return text_answer("沒有更多了。", Button("最新文章", Verb.LATEST))
        return _nothing_found(question, found, finding, ask, context)
    if finding.outcome == "choices" and page == 1:
        if (only := _only_candidate(finding)) is not None:
            return _unsure(question, only, finding, ask, context)
        return _choices(question, finding, ask, context)
    return _answer(question, page, size, finding, ask, context)


def _meant(question: str, page: int, found: list[Security], ask: Ask, context: Context) -> Answer | Ask | None:
    """Answer what needs no search: names, an author or a theme and nothing else; return None for any other question."""
    subjects = context.library.subjects
    if page == 1 and not found:
        if several := _several(question, context):
            return several if isinstance(several, Answer) else ask.with_text(several)
        if securities_named(subject := subject_of(question), context):
            return ask.with_text(Verb.FIND.of(subject))
    if ask.as_free_text and not found and subjects.resolve_theme(question) is None:
        return ask.as_free_text  # 問題 asks nothing about 題
    said = (question, without_empty_words(question)) if page == 1 and not found else ()  # any essays by 林以晨
    if author := next(filter(context.library.means_author, said), None):
        return ask.with_text(Verb.AUTHOR.of(author))
    by_code = bool(found) and question[:1].isdigit()  # 2881A means that paper, written about or not
    if by_code or len(found) > 1 or any(map(subjects.is_written_about, found)):
        return ask.with_text(Verb.SECURITY.of(question))
    alone = page == 1 and ask.is_free_text and not ask.chat.is_group and not found
    if alone and (called := _theme_alone(question, context)):
        return ask.with_text(Verb.THEME.of(called))
    return None


def _nothing_found(question: str, found: list[Security], finding: Finding, ask: Ask, context: Context) -> Answer | Ask:
    """Show the card of a name or a theme that no essay answers for, else say honestly that nothing was found."""
    if found or _CODE.fullmatch(question):
        return ask.with_text(Verb.SECURITY.of(question))
    theme = context.library.subjects.resolve_theme(question)
    if theme is not None and context.library.subjects.theme(theme).places:
        return ask.with_text(Verb.THEME.of(theme.name))
    if finding.building:
        return text_answer(BUILDING)
    if ask.chat.is_group and finding.tentative:
        return _only_in_private(question)
    answer = _not_covered(question, ask, context)
    context.club.gaps.note(question, Gap.MISS, ask.at, user=ask.user, message=ask.message)  # last: it ends the snapshot
    return answer


def _is_talk(question: str, finding: Finding, ask: Ask, context: Context) -> bool:
    """Tell whether no word of a question is one that an essay could be about, but for words that speak of us.

    Of a question that is said to us, or is mostly empty words, only names, themes, models and codes count, and words that
    the first essay found is about; other words that the lexicon knows, where no word of ours or of people's day
    stands beside them: 「提醒我看盤」, 「晚餐吃什麼」. A line that the first essay says word for word is a question: 「高頻」.
    """
    subjects = [
        word
        for word in context.library.subjects_in(question, ask.at)
        if _may_be_a_subject(word, question, ask, context)
    ]
    pages = [hit.reading.page for hit in finding.hits[:1]]
    clauses = [clause for clause in _APART.split(question) if len(clause) >= SHORTEST_CLAUSE]
    if any(map(bot_topic, clauses)) and not any(_is_surely_one(word, question, context) for word in subjects):
        return True
    if any(_is_surely_one(word, question, context) or any(p.is_about(word.typed) for p in pages) for word in subjects):
        return False
    typed = {as_typed(word.typed, question) for word in subjects}
    if any(word.known for word in subjects) and not speaks_of_us_or_the_day(question, typed):
        return False
    if not subjects:
        return not any(fold(question) in page.folded.text for page in pages)
    return is_said_to_us(question) or is_mostly_empty(question, typed)


def _may_be_a_subject(word: Word, question: str, ask: Ask, context: Context) -> bool:
    """Tell whether a word is more than a count or a word of conversation, or of an editor's work: 機器人 is one, and a theme, too."""
    is_theme = context.library.subjects.resolve_theme(word.typed) is not None
    is_work = ask.role >= Role.EDITOR and is_of_work(as_typed(word.typed, question))
    is_said = word.typed in said_words() or (
        _REMARK.fullmatch(word.typed) and not context.library.archive.is_word(word.typed)
    )
    return is_theme or not (is_said or is_work or _is_count(word))


def _is_surely_one(word: Word, question: str, context: Context) -> bool:
    """Tell whether a word is a name, a theme or a model; a name within an English sentence has a capital: not the msgs of daily msgs."""
    is_name = word.name and not (is_english(question) and as_typed(word.typed, question).islower())
    return is_name or _is_model(word) or context.library.subjects.resolve_theme(word.typed) is not None


def _is_count(word: Word) -> bool:
    """Tell whether a word is a number that is no code: 「+1」, 「8」, 「at 6pm」."""
    return _COUNT.fullmatch(word.typed) is not None


def _is_model(word: Word) -> bool:
    """Tell whether a word is a model's or a fund's: letters and digits, M365, 00981A."""
    return re.search(r"\d", word.typed) is not None and re.search("[a-z]", word.typed) is not None


def _within_quoted(question: str, finding: Finding, ask: Ask, context: Context) -> tuple[str, Finding] | None:
    """Return the question put behind that of the quoted answer, and what both find; None where it stands by itself."""
    if finding.outcome == "answer" or not ask.session.question or ask.session.question in question:
        return None
    whole = f"{ask.session.question} {question}"
    found = context.library.search(whole, ask.at, strict=ask.chat.is_group)
    return (whole, found) if found.hits and found.outcome == "answer" else None


def _several(question: str, context: Context) -> Answer | str | None:
    """Read names and codes one after another, or joined by 跟: return a command for one or for two, choices of more; None for anything else.

    Words of ours in Latin letters are passed over: the vs of "vs TSMC NVDA", the go of "2330 go".
    """
    typed = _APART.split(question.strip())
    if len(typed) == 1:
        typed = and_apart(question, lambda name: bool(securities_named(name, context)))
    parts = [part for part in typed if not _is_ours(part)]
    if not parts or not 2 <= len(typed) <= MOST_NAMES or (len(parts) == 1 and parts[0].islower()):  # do you have an app
        return None
    meant = [securities_named(part, context)[:1] for part in parts]
    if not all(meant):
        return None
    securities = list(dict.fromkeys(one for ones in meant for one in ones))
    if len(securities) == 1:
        return Verb.SECURITY.of(security_key(securities[0]))
    if len(securities) == 2:
        return Verb.COMPARE.of("、".join(map(security_key, securities)))
    buttons = (Button(f"{one.name} {one.code}"[:20], Verb.SECURITY.of(security_key(one))) for one in securities)
    return choices_answer("先看哪一檔？", *buttons, outcome=Outcome.CHOICES)


def _is_ours(word: str) -> bool:
    """Tell whether a word in Latin letters is one of ours, and not meant as a ticker: now, Show, vs; NOW is one."""
    return word.isascii() and word.lower() in said_words() and (not word.isupper() or word.lower() in COMPARING)


def _theme_alone(question: str, context: Context) -> str | None:
    """Return the name of the written-about theme that the question is, and nothing else: 散熱."""
    word = _LAST_SIGNS.sub("", question)
    theme = context.library.subjects.resolve_theme(word)
    if theme is None or not theme.is_called(word):
        return None
    return theme.name if any(tally.key == theme.key for tally in context.library.subjects.theme_tallies()) else None


def _misspelt(question: str, finding: Finding, context: Context) -> str | None:
    """Return the security that a misspelt word alone means, where no essay found for it holds the word: 台機電, nvdia."""
    if not _ALONE.fullmatch(question) or context.library.subjects.resolve_theme(question) is not None:
        return None
    meant = surely_meant(question, context)
    if meant is None:
        return None
    held = any(question.lower() in f"{hit.essay.title}\n{hit.essay.body}".lower() for hit in finding.hits)
    return None if held else security_key(meant)


def _answer(question: str, page: int, size: int, finding: Finding, ask: Ask, context: Context) -> Answer:
    hits = _telling(finding)
    here = hits[(page - 1) * size : page * size]
    if not here:
        return text_answer("沒有更多了。", Button("最新文章", Verb.LATEST))
    more = len(hits) > page * size
    told = [OTHER_TIMES] if finding.outside_period else []
    told += [_apart(question, finding, len(here))] if finding.apart else []
    told += [_newer_view(finding.newer)] if finding.newer and page == 1 else []
    return Answer(
        Outcome.ANSWER,
        text="\n".join(told),
        cards=tuple(hit_card(context, hit, i) for i, hit in enumerate(here, 1)),
        buttons=_next(question, page, more, ask, context, here[0]),
        session=Session(Verb.FIND.of(question), page, tuple(hit.essay_id for hit in here)),
        confidence=finding.confidence,
    )


def _apart(question: str, finding: Finding, shown: int) -> str:
    """Say that no essay has all the names asked about, and whose are shown."""
    names = [as_typed(name, question) for name in finding.apart]
    return f"沒有一篇同時寫到{'和'.join(names)}，{'各找一篇' if shown > 1 else f'這篇寫{names[0]}'}："


def _newer_view(hit: EssayHit) -> str:
    return f"之後有新看法：{hit.essay.published:%Y/%m/%d}〈{hit.essay.title}〉#{hit.essay_id}"


def _telling(finding: Finding) -> list[EssayHit]:
    """Return the hits that hold a fair share of the question."""
    least = LEAST_SHARE * finding.hits[0].share
    return [hit for hit in finding.hits if hit.share >= least]


def _next(question: str, page: int, more: bool, ask: Ask, context: Context, hit: EssayHit) -> tuple[Button, ...]:
    """Return buttons of two or three good next questions: the rest, the theme and the security asked about, a way to say it missed."""
    buttons = [Button("更多", Verb.FIND.of(f"{question[:MOST]} 第{page + 1}頁"))] if more else []
    theme = context.library.subjects.resolve_theme(question)
    themes = [theme.name] if theme else list(context.library.subjects.theme_names(hit.essay))
    buttons += [Button(f"#{name}", Verb.THEME.of(name)) for name in themes[:1]]
    told = f"{question}\n" + "\n".join(snippet.text for snippet in hit.snippets)
    securities = [name for name in context.library.subjects.security_names(hit.essay) if name in told]
    securities.sort(key=lambda name: name not in question)
    buttons += [Button(name, Verb.SECURITY.of(name)) for name in securities[:1]]
    if not ask.chat.is_group:
        buttons += _copy(hit, context)
        buttons.append(Button("沒答到", Verb.WRONG.of(question[:MOST])))
    return tuple(buttons)


def _copy(hit: EssayHit, context: Context) -> list[Button]:
    """Return a button that copies the first passage with its source; none of what is not for everybody."""
    if not hit.snippets or not hit.essay.visibility.is_public:
        return []
    passage = hit.snippets[0]
    cited = citation(passage.text, hit.essay, passage.paragraph, context)
    return [Button("複製引用", Verb.READ.of(f"#{hit.essay_id}"), copies=cited)]


def _only_candidate(finding: Finding) -> EssayHit | None:
    """Return the first hit where no other holds nearly as much of the question."""
    first, *others = finding.hits
    return first if not finding.apart and all(hit.share < RIVAL_SHARE * first.share for hit in others) else None


def _unsure(question: str, hit: EssayHit, finding: Finding, ask: Ask, context: Context) -> Answer:
    """Show the one essay that may be meant, said to be uncertain, with the word that it does not say."""
    told = "、".join(hit.why[:1])
    text = UNSURE
    if told and hit.missing:
        text = f"有一篇寫「{told}」，但沒直接談到「{as_typed(hit.missing[0], question)}」。{UNSURE}"
    return Answer(
        Outcome.ANSWER,
        text=f"{OTHER_TIMES}{text}" if finding.outside_period else text,
        cards=(hit_card(context, hit, 1),),
        buttons=_next(question, 1, False, ask, context, hit),
        session=Session(Verb.FIND.of(question), 1, (hit.essay_id,)),
        confidence=finding.confidence,
    )


def _only_in_private(question: str) -> Answer:
    return Answer(Outcome.NOT_COVERED, text=IN_PRIVATE, in_private=Verb.FIND.of(question[:MOST]), confidence=0.0)


def _choices(question: str, finding: Finding, ask: Ask, context: Context) -> Answer:
    hits = _telling(finding)[:3]
    choices = tuple(
        Choice(
            hit.essay.title,
            Verb.READ.of(f"#{hit.essay_id} {question[:MOST]}"),
            "關鍵字：" + "、".join(hit.why) if hit.why else "",
        )
        for hit in hits
    )
    told = [OTHER_TIMES] if finding.outside_period else []
    told += [_apart(question, finding, len(hits))] if finding.apart else []
    none = Choice("都不是", Verb.NEITHER.of(question[:MOST]))
    return Answer(
        Outcome.CHOICES,
        text=f"{''.join(told)}你想找的是哪一篇？",
        choices=(*choices, none),
        session=Session(
            Verb.FIND.of(question), 1, tuple(hit.essay_id for hit in hits), tuple(c.says for c in (*choices, none))
        ),
        confidence=finding.confidence,
    )


def _not_covered(question: str, ask: Ask, context: Context) -> Answer:
    if author := context.library.author_in(question):
        return _not_by(author, question, ask)
    theme = context.library.subjects.closest_theme(question[:MOST])
    near = f"最接近的主題：{theme.name}（{theme.essays} 篇）。" if theme else ""
    buttons = [Button("有文章再通知我", Verb.NOTIFY.of(question[:MOST]))]
    buttons.append(keyboard(Verb.ASK_EDITOR, "問編輯", question[:MOST]))
    buttons[:0] = [Button(one.name[:20], Verb.SECURITY.of(one.name)) for one in _written_about(question, ask, context)]
    if theme:
        buttons.insert(0, Button(f"看{theme.name}"[:20], Verb.THEME.of(theme.name)))
    text = f"文章裡還沒寫到「{_short(question)}」。{near}"
    if ask.is_free_text and not ask.chat.is_group and not _names_a_subject(question, ask, context):
        text += NOT_OF_ESSAYS
        buttons.append(Button("說明", Verb.HELP))
    return Answer(
        Outcome.NOT_COVERED,
        text=text,
        buttons=tuple(buttons),
        session=replace(ask.session, command=Verb.FIND.of(question), page=1),
        confidence=0.0,
    )


def _names_a_subject(question: str, ask: Ask, context: Context) -> bool:
    """Tell whether a question names what essays are known to be about; else it may be about us: 怎麼把字調大."""
    words = context.library.subjects_in(question, ask.at)
    return any(word.known or _is_model(word) for word in words) or not is_sentence(question)


def _written_about(question: str, ask: Ask, context: Context) -> list[Security]:
    """Return the first security that the question names and the essays write about, though not this of it."""
    words = (as_typed(word.typed, question) for word in context.library.subjects_in(question, ask.at) if word.name)
    found = (one for word in words for one in securities_named(word, context)[:1])
    return [one for one in found if context.library.subjects.is_written_about(one)][:1]


def _not_by(author: str, question: str, ask: Ask) -> Answer:
    """Say that this author did not write it; others may have."""
    rest = " ".join(question.replace(Verb.AUTHOR, " ").replace(author, " ").split()) or question
    return Answer(
        Outcome.NOT_COVERED,
        text=f"{author}的文章裡沒找到「{_short(rest)}」。",
        buttons=(
            Button(f"作者 {author}"[:20], Verb.AUTHOR.of(author)),
            Button("不限作者再找", Verb.FIND.of(rest[:MOST])),
            Button("有文章再通知我", Verb.NOTIFY.of(question[:MOST])),
        ),
        session=replace(ask.session, command=Verb.FIND.of(question), page=1),
        confidence=0.0,
    )


def _short(question: str) -> str:
    return question if len(question) <= 24 else question[:23] + "…"


COMMAND = Command(
    words=(Verb.FIND, "查一下", "找一下", "查查", "查", "問", "搜尋", "搜", "find", "search"),
    usage="找 關鍵字（或直接打問題）",
    help="在文章裡找答案，附原文與出處",
    examples=("找 散熱", "為什麼 AI 晶片要改用碳化矽"),
    run=find,
)
