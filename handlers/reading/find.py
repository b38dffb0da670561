"""找: the passage that answers a question, a few choices, or one honest line that there is none."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.lexicon.security import Security
from corpus.search.finding import EssayHit, Finding
from handlers.answer import Answer, Button, Choice, Outcome, error_answer, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.club.gaps import Gap
from handlers.command import Command
from handlers.context import Context
from handlers.reading.cards import PAGE, citation, hit_card
from handlers.reading.names_alone import misspelt, several_named, theme_alone
from handlers.reading.question_or_talk import is_talk, names_a_subject
from handlers.reading.security_names import securities_named
from handlers.text.bot_words import without_empty_words
from handlers.text.decorations import subject_of
from handlers.text.paging import split_page
from handlers.text.small_talk_words import as_typed, is_chatter
from handlers.verb import Verb

LEAST_SHARE = 0.4  # of the first hit's share of the question: hits with less are not shown
OTHER_TIMES = "這段時間沒有寫到，這是其他時間的文章："
RIVAL_SHARE = 0.9  # of the first hit's share: another hit with as much is a rival
UNSURE = "不太確定，最接近的是："
IN_PRIVATE = "群組裡先不猜，私訊我看相關的文章。"
BUILDING = "文章索引還在更新，請過一會再問一次。"
MOST = 200  # characters of a question that are kept or repeated
NOT_OF_ESSAYS = "問我怎麼用按「說明」，找人按「問編輯」。"
NOTHING = "想找什麼？打公司、代號或主題，例如「散熱」「2330」。"
NO_ADDRESS = "外面的網址我打不開；打公司、代號或主題，我從社群的文章裡找。"

_CODE = re.compile(r"\d{4,6}[A-Za-z]?")
_WORDS = re.compile(r"[\w一-鿿]")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


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
    if page == 1 and ask.is_free_text and not found and is_talk(question, finding, ask, context):
        return ask.with_text(Verb.TALK.of(question))
    if ask.quoted and page == 1 and (within := _within_quoted(question, finding, ask, context)):
        question, finding = within
    if page == 1 and not found and (name := misspelt(question, finding, context)):
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
        if several := several_named(question, context):
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
    if alone and (called := theme_alone(question, context)):
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


def _within_quoted(question: str, finding: Finding, ask: Ask, context: Context) -> tuple[str, Finding] | None:
    """Return the question put behind that of the quoted answer, and what both find; None where it stands by itself."""
    if finding.outcome == "answer" or not ask.session.question or ask.session.question in question:
        return None
    whole = f"{ask.session.question} {question}"
    found = context.library.search(whole, ask.at, strict=ask.chat.is_group)
    return (whole, found) if found.hits and found.outcome == "answer" else None


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
    if ask.is_free_text and not ask.chat.is_group and not names_a_subject(question, ask, context):
        text += NOT_OF_ESSAYS
        buttons.append(Button("說明", Verb.HELP))
    return Answer(
        Outcome.NOT_COVERED,
        text=text,
        buttons=tuple(buttons),
        session=replace(ask.session, command=Verb.FIND.of(question), page=1),
        confidence=0.0,
    )


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
