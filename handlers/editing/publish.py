"""發布, 排程: a draft goes into the archive, now or at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from corpus.storage.essay_json import content_hash
from corpus.storage.essay_store import Status
from corpus.storage.schema import State
from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.club.drafts import Draft, DraftEndedError
from handlers.club.plans import Plan, PlanKind
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_access import ALONE, DRAFT_ENDED, DraftReference, find_to_publish, is_unseen
from handlers.editing.publishing_service import overtaken_by, publish
from handlers.identity import Role
from handlers.text.when import read_moment, spoken_moment
from handlers.verb import Verb

QUIET, LOUD = ("只上架", "補舊文"), ("上架並通知", "通知")
FURTHEST = timedelta(days=366)


def release(ask: Ask, context: Context) -> Answer:
    """Publish a draft, 發布 3 只上架, or publish it as news, 發布 3 上架並通知."""
    found = find_to_publish(ask, context)
    if isinstance(found, Answer):
        return found
    draft, how = found.draft, _said(found.rest)
    if draft.replaces is None and how not in QUIET + LOUD:
        return _how(draft)
    if (asked := _alone(found, Verb.PUBLISH, ask, context)) is not None:
        return asked
    if (essay := overtaken_by(draft, context.library)) is not None:
        safe = replace(draft.essays[0], visibility=essay.visibility, lead=draft.essays[0].lead or essay.lead)
        context.club.drafts.keep(replace(draft, corrects=content_hash(essay), essays=(safe,)), draft.changed_at)
        return _overtaken(draft)
    if (scheduled := context.club.plans.of_draft(draft.id)) is not None:
        context.club.plans.end(scheduled, "cancelled")
    try:
        plan = publish(draft, context.library, context.club, ask.at, by=ask.user or "", news=how in LOUD)
    except DraftEndedError:
        return error_answer(DRAFT_ENDED, Button("草稿清單", Verb.DRAFTS))
    return _corrected(plan, context) if draft.replaces else _released(plan, draft, context)


def schedule(ask: Ask, context: Context) -> Answer:
    """Schedule a draft to be published as news, unless 只上架 is said, or a correction: 排程 3 週一 08:30."""
    found = find_to_publish(ask, context)
    if isinstance(found, Answer):
        return found
    draft, said = found.draft, _said(found.rest)
    due = read_moment(said, ask.at)
    if due is None or not ask.at < due < ask.at + FURTHEST:
        return _when(draft)
    if (asked := _alone(found, Verb.SCHEDULE, ask, context)) is not None:
        return asked
    if (before := context.club.plans.of_draft(draft.id)) is not None:
        context.club.plans.end(before, "cancelled")
    news = draft.replaces is None and not any(word in said for word in QUIET)
    plan = context.club.plans.make(Plan(0, PlanKind.PUBLISH, due, ask.user or "", draft.id, news=news), ask.at)
    context.club.audit.note(ask.user or "", "schedule", f"draft:{draft.id}", ask.at, spoken_moment(due))
    return text_answer(
        f"排好了：{spoken_moment(due)} {manner(plan, draft)}。",
        Button("取消排程", Verb.CANCEL.of(f"排程 {draft.id}")),
        session=Session(),
    )


def _said(rest: str) -> str:
    """Return the words after a draft's number, without ALONE."""
    return rest.removesuffix(ALONE).strip()


def _alone(found: DraftReference, verb: Verb, ask: Ask, context: Context) -> Answer | None:
    """Ask once more where another should have seen a draft and there is nobody else; note it and return None when confirmed."""
    if not is_unseen(found.draft, ask, context):
        return None
    if found.rest.endswith(ALONE):
        context.club.audit.note(ask.user or "", "alone", f"draft:{found.draft.id}", ask.at)
        return None
    return error_answer(
        "發布之前要由另一位版主看過，現在沒有別的版主。要自己核准嗎？紀錄裡會寫。",
        Button(ALONE, verb.of(f"{found.draft.id} {found.rest} {ALONE}".replace("  ", " "))),
        Button("先不要", Verb.DRAFTS.of(found.draft.id)),
    )


def manner(plan: Plan, draft: Draft | None) -> str:
    """Say what happens to a scheduled draft at its time."""
    if draft is not None and draft.replaces is not None:
        return f"更正 #{draft.replaces}"
    how = LOUD[0] if plan.news else QUIET[0]
    return f"{how} {len(draft.essays)} 篇" if draft is not None and len(draft.essays) > 1 else how


def _when(draft: Draft) -> Answer:
    """Ask for the time of a schedule: the next free text is it."""
    number = draft.id
    question = error_answer(
        "排在什麼時候？要是以後的時間，例如「週一 08:30」「12/25 8點半」。",
        Button("明天 08:30", Verb.SCHEDULE.of(f"{number} 明天 08:30")),
        Button("挑時間", Verb.SCHEDULE.of(number), picks="datetime"),
        Button("先不排", Verb.DRAFTS.of(number)),
    )
    return replace(question, session=Session(command=Verb.DRAFTS.of(number), pending=Verb.SCHEDULE.of(number)))


def _overtaken(draft: Draft) -> Answer:
    """Say that the essay was changed since the draft was begun; said once, after that the draft can be published."""
    return error_answer(
        f"#{draft.replaces} 在這份草稿之後被改過，發布會蓋掉那些修改。先看修改紀錄；確定要蓋掉，再發布一次。",
        Button("修改紀錄", Verb.REVISIONS.of(draft.replaces)),
        Button("照樣發布", Verb.PUBLISH.of(draft.id)),
        Button("看草稿", Verb.DRAFTS.of(draft.id)),
    )


def _how(draft: Draft) -> Answer:
    question = text_answer(
        f"草稿 {draft.id}〈{draft.title}〉{_several(draft)}要怎麼發布？"
        "只上架：查得到，不通知任何人，適合補舊文。上架並通知：算新文章，進訂閱的摘要。",
        Button("上架並通知", Verb.PUBLISH.of(f"{draft.id} 上架並通知")),
        Button("只上架", Verb.PUBLISH.of(f"{draft.id} 只上架")),
        Button("排程", Verb.SCHEDULE.of(draft.id)),
        Button("先預覽", Verb.PREVIEW.of(f"{draft.id} 公開")),
    )
    return replace(question, rows=_listed(draft, [f"{draft.id}-{place}" for place in range(1, len(draft.essays) + 1)]))


def _several(draft: Draft) -> str:
    """Say how many essays there are, where there are several."""
    return f"等 {len(draft.essays)} 篇，" if len(draft.essays) > 1 else ""


def _listed(draft: Draft, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """List several essays by name and title; nothing where there is one."""
    titles = (essay.title for essay in draft.essays)
    return tuple(zip(names, titles, strict=True)) if len(names) > 1 else ()


def _released(plan: Plan, draft: Draft, context: Context) -> Answer:
    names = [f"#{essay_id}" for essay_id, _ in plan.essays]
    what = names[0] if len(names) == 1 else f"{len(names)} 篇"
    changed = [essay_id for essay_id, status in plan.essays if status == Status.CHANGED]
    known = f"有一樣的文章，已用新內容更新。{_still_for_members(plan, draft, context)}" if changed else ""
    is_news = plan.news and len(changed) < len(plan.essays)  # an essay that was known is no news
    undo = "三分鐘後開始通知，在那之前可以取消。" if is_news else "不通知任何人。三分鐘內可以取消。"
    first = plan.essays[0][0]
    answer = text_answer(
        f"上架了：{what}。{known}{undo}",
        Button("取消", Verb.CANCEL.of(plan.typed)),
        Button("看文章", Verb.READ.of(first)),
        Button("推播", Verb.BROADCAST.of(first)),
        session=Session(),
    )
    return replace(answer, rows=_listed(draft, names))


def _still_for_members(plan: Plan, draft: Draft, context: Context) -> str:
    """Say that essays keep their readers, where the draft names others."""
    kept = [context.archive_admin.get_any(number) for number, _ in plan.essays]
    pairs = zip(draft.essays, kept, strict=True)
    if not any(known and known[0].visibility != essay.visibility for essay, known in pairs):
        return ""
    return "原來是會員專屬的，給誰看不變。"


def _corrected(plan: Plan, context: Context) -> Answer:
    essay_id = plan.essays[0][0]
    chats = context.services.shown_to(essay_id)
    known = context.archive_admin.get_any(essay_id)
    holds = "但它還是撤回的，誰都查不到" if known and known[1] is State.WITHDRAWN else "現在起回答都是新的內容"
    word = f"#{essay_id} 更正了，{holds}。三分鐘內可以取消。"
    undo = Button("取消", Verb.CANCEL.of(plan.typed))
    if not chats:
        return text_answer(f"{word}還沒有聊天室收過這篇。", undo, session=Session())
    return text_answer(
        f"{word}有 {len(chats)} 個聊天室收過舊的，要通知他們嗎？",
        Button("通知更正", Verb.NOTIFY_CORRECTION.of(essay_id)),
        Button("不用", Verb.NO_NEED),
        undo,
        session=Session(),
    )


RELEASE = editing_command(
    (Verb.PUBLISH, "發佈", Verb.APPROVE_DRAFT, "publish"),
    "發布",
    "把草稿發出去：只上架，或上架並通知",
    release,
    Role.MODERATOR,
)
SCHEDULE = editing_command(
    (Verb.SCHEDULE, "schedule"), "排程 3 週一 08:30", "到時候自動上架、發布並通知，或更正", schedule, Role.MODERATOR
)
