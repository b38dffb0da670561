"""The bot's reading of a draft, and the next question about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.essay import Essay
from corpus.intake.extracted import LeftOut, Reason
from handlers.answer import Answer, Button, Outcome
from handlers.ask import Session
from handlers.club.drafts import Draft
from handlers.context import Context
from handlers.text.visibility import visibility_label
from handlers.verb import Verb

READING_SPEED = 500  # Chinese characters a minute
READ_OTHERWISE = frozenset({Reason.BYLINE, Reason.TAGS, Reason.TITLE, Reason.RULE, Reason.BACK})
MOST_NAMES = 8
MOST_WORDS = 6
MOST_PLANS = 6


@dataclass(frozen=True, slots=True)
class DraftAnalysis:
    """The result of reading one essay before it is published."""

    securities: tuple[str, ...]
    themes: tuple[str, ...]
    suspicions: tuple[str, ...]
    twin: str  # the essay that it is like, in words
    updates: bool  # publishing would change that essay
    words: tuple[str, ...]


def analyse(essay: Essay, context: Context) -> DraftAnalysis:
    """Read an essay as publishing would. Slow (jieba): do it before the first write."""
    analysis = context.library.analyse(essay)
    named = [about.named.security for about in analysis.securities if about.named.subject]
    main = [theme.name for theme in analysis.themes if theme.main]
    return DraftAnalysis(
        tuple(f"{one.name} {one.code}" for one in named),
        tuple(main),
        tuple(f"{doubt.name}（{doubt.code}）應該是 {doubt.expected}" for doubt in analysis.suspicions),
        *_twin(essay, context),
        tuple(context.archive_admin.new_words(essay)),
    )


def review(
    draft: Draft, studies: Sequence[DraftAnalysis], may_publish: bool, plans: Sequence[str] = (), said: str = ""
) -> Answer:
    """Show the draft as the bot reads it, and the next question about it to somebody who may publish it, or may not."""
    if not draft.essays:
        return Answer(Outcome.SAID, text=_collecting(draft), buttons=_collecting_buttons(draft), session=waiting(draft))
    question, buttons = next_question(draft, may_publish, plans)
    lines = [said, *(_warnings(draft)), question]
    rows = _one(draft.essays[0], draft, studies[0]) if len(draft.essays) == 1 else _many(draft, studies)
    return Answer(
        Outcome.SAID,
        text="\n".join(line for line in lines if line),
        rows=tuple(rows),
        buttons=(*buttons, *_which_one(draft, studies)) if draft.visibility_chosen else buttons,
        session=Session(command=Verb.DRAFTS.of(draft.id)),
    )


def waiting(draft: Draft) -> Session:
    """Return the session in which the next free text is the next piece of this draft."""
    return Session(command=Verb.DRAFTS.of(draft.id), pending=Verb.PASTE.of(draft.id))


def next_question(draft: Draft, may_publish: bool, plans: Sequence[str] = ()) -> tuple[str, tuple[Button, ...]]:
    """Ask for the most important thing that is missing, else offer what can be done. `plans`: all member plans."""
    number = draft.id
    if not draft.visibility_chosen:
        return "這份要給誰看？", (
            Button("公開", Verb.PUBLIC.of(number)),
            Button("會員專屬", Verb.MEMBERS_ONLY.of(number)),
            *(Button(f"只給{plan}", Verb.MEMBERS_ONLY.of(f"{number} {plan}")) for plan in plans[:MOST_PLANS]),
        )
    if any(_needs_lead(essay) for essay in draft.essays):
        return "會員專屬文章要有一段人人看得到的前言：", (
            Button("用第一段", Verb.REVISE.of(f"{number} 前言 第一段")),
            Button("自己寫", Verb.REVISE.of(f"{number} 前言")),
            Button("不放前言", Verb.REVISE.of(f"{number} 前言 不放")),
        )
    undated = sum(essay.published is None for essay in draft.essays)
    if undated and not draft.undated_is_fine:
        return _ask_dates(draft, undated)
    more = (
        (Button("換字", Verb.REVISE.of(f"{number} 換字")), Button("重貼全文", Verb.PASTE_AGAIN.of(number)))
        if draft.replaces
        else ()
    )
    step, ways_out = _ways_out(draft, may_publish)
    return step, (
        Button("預覽", Verb.PREVIEW.of(f"{number} 公開")),
        *ways_out,
        *more,
        Button("改標題", Verb.REVISE.of(f"{number} 標題")),
        Button("改日期", Verb.REVISE.of(f"{number} 日期")),
        *((Button("沒收進來的", Verb.LEFT_OUT.of(number)),) if lines_to_show(draft) else ()),
        Button("刪除草稿", Verb.DROP.of(number)),
    )


def _ways_out(draft: Draft, may_publish: bool) -> tuple[str, tuple[Button, ...]]:
    """Say how a draft gets published, by this person or by way of another who may, and return the buttons for it."""
    number = draft.id
    if may_publish:
        release = Verb.APPROVE_DRAFT if draft.is_submitted else Verb.PUBLISH
        back = (Button("退回", Verb.SEND_BACK.of(number)),) if draft.is_submitted else ()
        said = "送審了，等你核准。" if draft.is_submitted else ""
        return said, (Button(release, release.of(number)), Button("排程", Verb.SCHEDULE.of(number)), *back)
    if draft.is_submitted:
        return "送審了，等版主核准。", (Button("取消送審", Verb.SUBMIT.of(f"{number} 取消")),)
    said = f"退回了：{draft.returned_for}" if draft.returned_for else "存好了，版主打「草稿」看得到，由版主發布。"
    return said, (Button("送審", Verb.SUBMIT.of(number)),)


def _ask_dates(draft: Draft, undated: int) -> tuple[str, tuple[Button, ...]]:
    number = draft.id
    if len(draft.essays) == 1:
        return "沒看到日期，什麼時候寫的？", (
            Button("填日期", Verb.REVISE.of(f"{number} 日期")),
            Button("今天", Verb.REVISE.of(f"{number} 日期 今天")),
            Button("先不填", Verb.REVISE.of(f"{number} 日期 先不填")),
        )
    return f"有 {undated} 篇沒看到日期：", (
        Button("逐篇填", Verb.REVISE.of(f"{number} 日期 逐篇填")),
        Button("都填同一個月", Verb.REVISE.of(f"{number} 日期 同一個月")),
        Button("先不填", Verb.REVISE.of(f"{number} 日期 先不填")),
    )


def _collecting(draft: Draft) -> str:
    if not draft.pieces:
        return f"草稿 {draft.id}：把文章貼上來，可以分好幾則；貼完打「完成」。也可以傳網址或檔案。"
    length = sum(len(piece) for piece in draft.pieces)
    return f"草稿 {draft.id}：收到 {len(draft.pieces)} 則，共 {length:,} 字。繼續貼，或打「完成」。"


def _collecting_buttons(draft: Draft) -> tuple[Button, ...]:
    if not draft.pieces:
        return (Button("先不發了", Verb.DROP.of(draft.id)),)
    this = Verb.TAKE_OUT.of(" ".join([str(draft.id), str(len(draft.pieces)), *draft.messages[-1:]]))
    return (Button("完成", Verb.DONE.of(draft.id)), Button("不要這則", this))


def _warnings(draft: Draft) -> list[str]:
    lines = [f"草稿 {draft.id}" + (f"（更正 #{draft.replaces}）" if draft.replaces else "")]
    if any(line.reason is Reason.PAYWALL for line in draft.left_out):
        lines.append("原文標著會員專屬，先不公開。真的人人可看，再選「公開」。")
    if draft.walled:
        lines.append(
            "這一頁要登入才看得到全文，我只拿到開頭。請改用貼上全文的方式。"
            if draft.origin
            else f"貼上的像是要登入才看得到全文的開頭。後面還有的話，打「重貼 {draft.id}」把全文貼上。"
        )
    return lines


def _one(essay: Essay, draft: Draft, about: DraftAnalysis) -> list[tuple[str, str]]:
    characters = sum(len(paragraph.text) for paragraph in essay.paragraphs)
    minutes = max(1, round(characters / READING_SPEED))
    rows = [
        ("標題", essay.title),
        ("日期", _day(essay)),
        ("作者", essay.author or "沒看到"),
        ("段落", f"{len(essay.paragraphs)} 段、{len(essay.headings)} 個小標，約 {minutes} 分鐘"),
        ("給誰看", visibility_label(essay.visibility) if draft.visibility_chosen else "還沒選"),
        ("個股", "、".join(about.securities[:MOST_NAMES]) or "沒有"),
        ("主題", "、".join(about.themes) or "沒有"),
    ]
    optional = [
        ("前言", _lead(essay)),
        ("來源", essay.source or ""),
        ("系列", str(essay.series or "")),
        ("沒收進來的", _left_out(draft)),
        ("很像", _like(draft, about)),
        ("代號可疑", ";".join(about.suspicions)),
        ("沒見過的詞", "、".join(about.words[:MOST_WORDS])),
    ]
    return rows + [(left, right) for left, right in optional if right]


def _many(draft: Draft, studies: Sequence[DraftAnalysis]) -> list[tuple[str, str]]:
    rows = [("篇數", f"{len(draft.essays)} 篇")]
    rows += [("沒收進來的", left_out)] if (left_out := _left_out(draft)) else []
    for place, (essay, about) in enumerate(zip(draft.essays, studies, strict=True), 1):
        notes = [_day(essay), f"{len(essay.paragraphs)} 段", f"從「{essay.body[:14]}」到「{essay.body[-14:]}」"]
        notes += [visibility_label(essay.visibility)] if draft.visibility_chosen else []
        notes += [f"前言：{lead}"] if (lead := _lead(essay, 20)) else []
        notes += [f"很像{like}"] if (like := _like(draft, about)) else []
        notes += ["代號可疑：" + ";".join(about.suspicions)] if about.suspicions else []
        rows.append((f"{draft.id}-{place} {essay.title}", "、".join(notes)))
    return rows


def _left_out(draft: Draft) -> str:
    """Say how many lines are in none of the essays, and how the first of them begin."""
    lines = lines_to_show(draft)
    if not lines:
        return ""
    first = "、".join(f"「{line.text[:12]}{'…' if len(line.text) > 12 else ''}」" for _, line in lines[:2])
    return f"{len(lines)} 行：{first}{'等' if len(lines) > 2 else ''}"


def lines_to_show(draft: Draft) -> list[tuple[int, LeftOut]]:
    """List the lines that may have been left out by mistake, with their numbers: the reason is not in READ_OTHERWISE."""
    return [(at, line) for at, line in enumerate(draft.left_out, 1) if line.reason not in READ_OTHERWISE]


def _twin(essay: Essay, context: Context) -> tuple[str, bool]:
    found = context.archive_admin.find_duplicate(essay)
    return (f"#{found[0].id}〈{found[0].title}〉", found[1]) if found is not None else ("", False)


def _like(draft: Draft, about: DraftAnalysis) -> str:
    """Name the essay in the archive that one is like, and say what becomes of it."""
    if not about.twin or draft.replaces:
        return ""
    return about.twin + ("，當作另一篇" if draft.is_another else "，發布會更新那一篇" if about.updates else "")


def _which_one(draft: Draft, studies: Sequence[DraftAnalysis]) -> tuple[Button, ...]:
    """Return buttons to say of an essay like one in the archive that it is another, or the new version of that."""
    if draft.replaces or not any(about.twin for about in studies):
        return ()
    another = Button("這是另一篇", Verb.ANOTHER.of(draft.id))
    version = Button("這是舊文的新版", Verb.NEW_VERSION.of(draft.id))
    updates = all(about.updates for about in studies if about.twin) and not draft.is_another
    return (another,) if updates or len(studies) > 1 else (version,) if draft.is_another else (version, another)


def _day(essay: Essay) -> str:
    return f"{essay.published:%Y/%m/%d}" if essay.published else "日期未標示"


def _lead(essay: Essay, longest: int = 100) -> str:
    """Say what everybody may see of a members-only essay; empty where that was not decided, or is all of it."""
    if essay.open_blocks and not essay.visibility.is_public:
        return f"記號前的 {len(essay.teaser.paragraphs)} 段"
    if essay.visibility.is_public or essay.lead is None:
        return ""
    shown = essay.lead if len(essay.lead) <= longest else f"{essay.lead[:longest]}…"
    return shown or "不放"


def _needs_lead(essay: Essay) -> bool:
    """Tell whether it is still to be decided what everybody may see of a members-only essay."""
    return not essay.visibility.is_public and essay.lead is None and not essay.open_blocks
