"""更正, 撤回, 重新上架, 修改紀錄, 還原: an essay that is out already, and the chats that were sent it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from corpus.database import aware
from corpus.essay import Essay
from corpus.storage.schema import State
from handlers.answer import Answer, Button, Outcome, error_answer, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.club.audit import Entry
from handlers.club.drafts import new_correction
from handlers.club.plans import PlanKind
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.audit_labels import ACTS
from handlers.editing.draft_access import keep
from handlers.editing.priced_sending import SURE, PricedSending
from handlers.editing.word_change import count_words, not_there, with_words
from handlers.identity import Role
from handlers.verb import Verb

NO_ESSAY = "沒有這一篇。編號在文章卡片上，像「#12」；打「最新」看看。"
LISTED = 20

_NUMBERED = re.compile(r"^#?(?P<number>\d{1,9})(?=\s|$)\s*(?P<rest>.*)$", re.DOTALL)
_VERSION = re.compile(r"^第?\s*(\d{1,4})\s*版?$")


def correct(ask: Ask, context: Context) -> Answer:
    """Begin a draft that will replace an essay: 更正 12, or 更正 12 舊=新 with those words changed."""
    found = _find(ask, context)
    if isinstance(found, Answer):
        return found
    essay, state, rest = found
    old, equals, new = (part.strip() for part in rest.replace("\uff1d", "=").partition("="))
    again = keyboard(Verb.CORRECT.of(essay.id), f"更正 {essay.id}…", rest)
    if rest and (not equals or not old):
        return error_answer(f"要換哪些字？例如「更正 {essay.id} 舊的字=新的字」。", again)
    count = count_words(essay, old) if old else 0
    if old and not count:
        return error_answer(f"#{essay.id} {not_there(old, [essay])}例如「更正 {essay.id} 舊的字=新的字」。", again)
    corrected = with_words(essay, old, new) if old else essay
    changed = f"「{old[:30]}」→「{new[:30]}」，{count} 處" if old else "改好再打「發布」"
    hidden = f"#{essay.id} 已經撤回，更正了也還是誰都查不到。" if state is State.WITHDRAWN else ""
    said = f"{changed}，發布了才算數。{hidden}"
    return keep(new_correction(ask.user or "", ask.at, essay, corrected), ask, context, said)


def withdraw(ask: Ask, context: Context) -> Answer:
    """Withdraw an essay, so that no answer holds it from now on: 撤回 12 確定."""
    found = _find(ask, context)
    if isinstance(found, Answer):
        return found
    essay, state, rest = found
    if state is State.WITHDRAWN:
        return text_answer(f"#{essay.id} 已經撤回了。", Button("重新上架", Verb.RESTORE.of(essay.id)))
    if rest != SURE:
        return text_answer(
            f"要撤回 #{essay.id}〈{essay.title}〉嗎？撤回後誰都查不到。",
            Button("確定撤回", Verb.WITHDRAW.of(f"{essay.id} {SURE}")),
        )
    chats = context.services.shown_to(essay.id)
    context.library.withdraw(essay.id, ask.at, by=ask.user)
    context.club.audit.note(ask.user or "", "withdraw", f"essay:{essay.id}", ask.at)
    back = Button("重新上架", Verb.RESTORE.of(essay.id))
    if not chats:
        return text_answer(f"#{essay.id} 撤回了，還沒有聊天室收過。", back)
    return text_answer(
        f"#{essay.id} 撤回了。有 {len(chats)} 個聊天室收過，要通知他們嗎？",
        Button("通知更正", Verb.NOTIFY_CORRECTION.of(essay.id)),
        back,
    )


def restore(ask: Ask, context: Context) -> Answer:
    """Put a withdrawn essay back: 重新上架 12."""
    found = _find(ask, context)
    if isinstance(found, Answer):
        return found
    essay, state, _ = found
    if state is State.PUBLISHED:
        return text_answer(f"#{essay.id} 本來就在架上。")
    context.library.restore(essay.id, ask.at, by=ask.user)
    context.club.audit.note(ask.user or "", "restore", f"essay:{essay.id}", ask.at)
    return text_answer(
        f"#{essay.id}〈{essay.title}〉重新上架了，不通知任何人。", Button("撤回", Verb.WITHDRAW.of(essay.id))
    )


def history(ask: Ask, context: Context) -> Answer:
    """List an essay's versions and who did what, the newest first: 修改紀錄 12."""
    found = _find(ask, context)
    if isinstance(found, Answer):
        return found
    essay = found[0]
    versions = context.archive_admin.history(essay.id)
    rows = [_line(entry, context, ask.at) for entry in context.club.audit.of(f"essay:{essay.id}", LISTED)]
    older = [f"第 {len(versions) - place} 版" for place in range(1, len(versions))]
    return Answer(
        Outcome.SAID,
        text=f"#{essay.id}〈{essay.title}〉，目前第 {len(versions)} 版"
        + ("，已撤回" if found[1] is State.WITHDRAWN else ""),
        rows=tuple(rows),
        buttons=tuple(Button(f"還原{name}", Verb.REVERT.of(f"{essay.id} {name}")) for name in older[:6]),
        session=Session(),
    )


def revert(ask: Ask, context: Context) -> Answer:
    """Make the text of an earlier version an essay's newest version: 還原 12 第1版."""
    found = _find(ask, context)
    if isinstance(found, Answer):
        return found
    essay, _, rest = found
    versions = context.archive_admin.history(essay.id)[::-1]
    match = _VERSION.match(rest)
    if match is None or not 1 <= int(match.group(1)) <= len(versions):
        return error_answer(
            f"要還原到哪一版？例如「還原 {essay.id} 第1版」。", Button("修改紀錄", Verb.REVISIONS.of(essay.id))
        )
    before = versions[int(match.group(1)) - 1].essay
    before = replace(before, visibility=essay.visibility, lead=before.lead or essay.lead)
    context.library.change(before, ask.at, by=ask.user)
    context.club.audit.note(ask.user or "", "revert", f"essay:{essay.id}", ask.at, f"第 {match.group(1)} 版")
    return text_answer(
        f"#{essay.id} 還原成第 {match.group(1)} 版的內容了，給誰看不變。", Button("看文章", Verb.READ.of(essay.id))
    )


def notify(ask: Ask, context: Context) -> Answer:
    """Notify exactly the chats that were sent an essay of its correction; the price first: 通知更正 12."""
    found = _find(ask, context)
    if isinstance(found, Answer):
        return found
    essay, _, rest = found
    chats = tuple(context.services.shown_to(essay.id))
    if not chats:
        return text_answer(f"還沒有聊天室收過 #{essay.id}，不用通知。")
    told = f"通知收過 #{essay.id} 的聊天室"
    return PricedSending(PlanKind.CORRECT, essay, chats, told).answer(rest, ask, context)


def _find(ask: Ask, context: Context) -> tuple[Essay, State, str] | Answer:
    match = _NUMBERED.match(ask.text)
    known = context.archive_admin.get_any(int(match["number"])) if match else None
    if match is None or known is None:
        return error_answer(NO_ESSAY, Button("最新文章", Verb.LATEST))
    return known[0], known[1], match["rest"].strip()


def _line(entry: Entry, context: Context, now: datetime) -> tuple[str, str]:
    at = (aware(entry.at) or entry.at).astimezone(now.tzinfo)
    act = ACTS.get(entry.action, entry.action)
    return f"{at:%Y/%m/%d}", f"{at:%H:%M} {act} {context.services.name_of(entry.user)} {entry.detail}".strip()


CORRECT = editing_command(
    (Verb.CORRECT, "修改", "correct"), "更正 12", "改已上架文章的內容、錯字、標題", correct, verbatim=True
)
WITHDRAW = editing_command(
    (Verb.WITHDRAW, "下架", "withdraw"), "撤回 12", "文章撤下來，誰都查不到", withdraw, Role.MODERATOR
)
RESTORE = editing_command((Verb.RESTORE, "restore"), "重新上架 12", "撤回的文章放回來", restore, Role.MODERATOR)
HISTORY = editing_command((Verb.REVISIONS, "revisions"), "修改紀錄 12", "誰在什麼時候改了什麼", history)
REVERT = editing_command((Verb.REVERT, "revert"), "還原 12 第1版", "回到以前的版本", revert, Role.MODERATOR)
NOTIFY = editing_command(
    (Verb.NOTIFY_CORRECTION, "notifycorrection"),
    "通知更正 12",
    "告訴收過這篇的聊天室，先報價再確認",
    notify,
    Role.MODERATOR,
)
