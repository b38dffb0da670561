"""刪除我的資料, 刪除個人資料: a person is forgotten, by themselves or by an owner on request."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.answer import NAMELESS, Answer, Button, error_answer, text_answer
from handlers.ask import Ask
from handlers.command import Command, editing_command
from handlers.context import Context
from handlers.identity import Role
from handlers.verb import Verb

SESSIONS_LEFT = "都刪掉了，只剩最近一次對話的記憶現在連不上，最多 24 小時後自己消失。"
SURE, UNHANDED = "確定", "確定 不交接"
IN_SETTINGS = "你寫在設定 LUOPAN_MODERATORS 裡：刪除之後仍然是擁有者，要請管主機的人從設定拿掉。"

_USER = re.compile(r"U[0-9a-f]{32}")


def erase_me(ask: Ask, context: Context) -> Answer:
    """Delete all that is kept of the asker, after one more word; the only owner is asked to hand over first."""
    if ask.user is None:
        return error_answer(NAMELESS)
    if ask.text not in (SURE, UNHANDED):
        what_ends = "".join(_what_ends(ask.user, ask, context))
        return text_answer(
            f"會刪掉收藏、訂閱、追蹤、會員資格和通知，無法復原。{what_ends}",
            Button("確定刪除", Verb.ERASE_ME.of(SURE)),
            Button("先下載一份", Verb.EXPORT),
        )
    if ask.text == SURE and _is_last_owner(ask.user, ask, context):
        return text_answer(
            "你是唯一的擁有者。刪掉之後沒有人能核准編輯，也沒有人能管後台，請先交接：請接手的人打「申請編輯」，"
            "把拿到的那句話加上「擁有者」傳給我，例如「核准 ABCDE23456 擁有者」。",
            Button("看管理名單", Verb.DISMISS),
            Button("不交接，照樣刪除", Verb.ERASE_ME.of(UNHANDED)),
        )
    is_all = context.erase(ask.user)
    return replace(text_answer("都刪掉了。" if is_all else SESSIONS_LEFT), erased=True)


def erase_person(ask: Ask, context: Context) -> Answer:
    """Delete all that is kept of a person who asked for it elsewhere: 刪除個人資料 ‹id› 確定."""
    user, _, sure = ask.text.partition(" ")
    if not _USER.fullmatch(user):
        return error_answer("要刪誰？後面加上對方的 LINE 使用者編號（U 開頭，33 個字），例如「刪除個人資料 U0123…」。")
    if user == ask.user:
        return error_answer("這是你自己，請打「刪除我的資料」。", Button("刪除我的資料", Verb.ERASE_ME))
    if context.club.people.role(user, ask.at) >= Role.EDITOR:
        return error_answer("這個人在管理名單裡，先「解任」再刪。", Button("看管理名單", Verb.DISMISS))
    if sure != SURE:
        name, count = context.services.name_of(user), sum(map(len, context.personal_data(user).values()))
        yes = Button("確定刪除", Verb.ERASE_PERSON.of(f"{user} {SURE}"))
        return text_answer(f"要刪掉「{name}」的全部資料嗎？共 {count} 筆，無法復原，對方不會收到通知。", yes)
    is_all = context.erase(user)
    context.club.audit.note(ask.user or "", "erase", "user:", ask.at)
    return text_answer("都刪掉了，沒有留下是誰。" if is_all else SESSIONS_LEFT)


def _what_ends(user: str, ask: Ask, context: Context) -> list[str]:
    """Say what else ends when an editor is erased; nothing of anybody else."""
    if ask.role < Role.EDITOR:
        return []
    drafts = len(context.club.drafts.alive(user, 1000))
    planned = sum(plan.user == user for plan in context.club.plans.waiting())
    ends = [f"\n你也不再是{ask.role.label}。"]
    ends += [f"還沒發布的 {drafts} 份草稿一起刪掉。"] if drafts else []
    ends += [f"排好的 {planned} 件事會取消。"] if planned else []
    ends += ["發布過的文章留著，不寫是誰發的。"]
    return [*ends, IN_SETTINGS] if user in context.club.people.owners else ends


def _is_last_owner(user: str, ask: Ask, context: Context) -> bool:
    owners = [one for one, _ in context.club.people.staff(Role.OWNER)]
    return ask.role is Role.OWNER and owners == [user] and user not in context.club.people.owners


ERASE_ME = Command(
    (Verb.ERASE_ME, "忘記我", "forgetme"), "刪除我的資料", "全部刪掉", ("刪除我的資料",), erase_me, group=False
)
ERASE_PERSON = editing_command(
    (Verb.ERASE_PERSON, "eraseperson"),
    "刪除個人資料 U0123",
    "有人要求時，照編號刪掉一個人的全部資料",
    erase_person,
    Role.OWNER,
)
