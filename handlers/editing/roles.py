"""認領, 申請編輯, 核准, 解任: roles in editing, by signed user ids and one-time codes only."""

from __future__ import annotations

from datetime import timedelta

from handlers.answer import NAMELESS, Answer, Button, Outcome, error_answer, keyboard, text_answer
from handlers.ask import Ask
from handlers.club.people import Purpose
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.verb import Verb

WRONG_CODE = "這組碼不對、用過了或過期了。"
SURE = "確定"
OWNERS_MAY = "擁有者可以核准和解任所有人，也可以刪除任何人的資料。"
APPLICATION_LIFE = timedelta(days=7)
ROLES = {role.label: role for role in (Role.EDITOR, Role.MODERATOR, Role.OWNER)}  # the roles that an owner may give


def claim(ask: Ask, context: Context) -> Answer:
    """Make the asker the first owner by the code that the first start printed: 認領 ‹code›."""
    if ask.user is None:
        return error_answer(NAMELESS)
    people = context.club.people
    spent = people.use_code(ask.text, Purpose.CLAIM, ask.user, ask.at) if ask.text else None
    if spent is None or people.has_owner():
        return error_answer(f"{WRONG_CODE}認領碼在第一次啟動時印出來，有了擁有者就失效。")
    people.void_codes(Purpose.CLAIM, ask.at)
    people.set_role(ask.user, Role.OWNER, ask.at)
    context.club.audit.note(ask.user, "claim", f"user:{ask.user}", ask.at)
    return text_answer(
        "你是擁有者了。先試「發文」，或打「說明」看全部功能。", Button("發文", Verb.POST), Button("說明", Verb.HELP)
    )


def apply(ask: Ask, context: Context) -> Answer:
    """Give the asker a code that an owner has to approve: 申請編輯."""
    if ask.user is None:
        return error_answer(NAMELESS)
    code = context.club.people.make_code(Purpose.EDITOR, ask.at, APPLICATION_LIFE, user=ask.user)
    context.club.audit.note(ask.user, "apply", f"user:{ask.user}", ask.at)
    return text_answer(f"把這句話傳給擁有者，請他一對一打給我：\n核准 {code}\n七天內有效，只能用一次。")


def approve(ask: Ask, context: Context) -> Answer:
    """Give an applicant a role, 核准 ‹code› 編輯; that of an owner only after one more word."""
    code, _, named = ask.text.partition(" ")
    wanted = named.split()
    sure = wanted[-1:] == [SURE]
    role = ROLES.get(" ".join(wanted[:-1] if sure else wanted) or Role.EDITOR.label)
    if not code or role is None:
        return error_answer("例如「核准 ABCDE23456」是編輯，「核准 ABCDE23456 版主」是版主。", keyboard(Verb.APPROVE))
    applicant = context.club.people.applicant(code, ask.at)
    if applicant is None:
        return error_answer(f"{WRONG_CODE}請對方再打一次「申請編輯」。")
    name = context.services.name_of(applicant)
    if role is Role.OWNER and not sure:
        return text_answer(
            f"這組碼是「{name}」的。{OWNERS_MAY}真的要讓「{name}」當擁有者嗎？",
            Button("確定，當擁有者", Verb.APPROVE.of(f"{code} {role.label} {SURE}")),
            Button("改成版主", Verb.APPROVE.of(f"{code} {Role.MODERATOR.label}")),
            Button("先不要", Verb.NOT_NOW),
        )
    if context.club.people.use_code(code, Purpose.EDITOR, ask.user or "", ask.at) is None:
        return error_answer(f"{WRONG_CODE}請對方再打一次「申請編輯」。")
    if context.club.people.role(applicant, ask.at) > role:
        return error_answer("對方的權限已經更高了；要調低請先「解任」。")
    context.club.people.set_role(applicant, role, ask.at)
    context.club.audit.note(ask.user or "", "approve", f"user:{applicant}", ask.at, role.label)
    return text_answer(f"核准了，「{name}」現在是{role.label}。", Button("解任", Verb.DISMISS.of(applicant)))


def dismiss(ask: Ask, context: Context) -> Answer:
    """List everybody with a role, 解任, or take a person's role from the next request on, 解任 ‹user› 確定."""
    user, _, sure = ask.text.partition(" ")
    if not user:
        return _staff(ask, context)
    role = context.club.people.role(user, ask.at)
    if role < Role.EDITOR:
        return error_answer("這個人沒有管理權限。", Button("看名單", Verb.DISMISS))
    if user == ask.user:
        return error_answer("不能解任自己，請另一位擁有者來。")
    if user in context.club.people.owners:
        return error_answer("這位擁有者寫在設定 LUOPAN_MODERATORS 裡，要從設定移除。")
    if sure != SURE:
        name = context.services.name_of(user)
        return text_answer(f"要解任{role.label} {name} 嗎？", Button("確定解任", Verb.DISMISS.of(f"{user} {SURE}")))
    context.club.people.set_role(user, Role.GUEST, ask.at)
    context.club.audit.note(ask.user or "", "dismiss", f"user:{user}", ask.at, role.label)
    return text_answer("解任了，從現在起沒有管理權限。")


def _staff(ask: Ask, context: Context) -> Answer:
    staff = context.club.people.staff()
    named = [(user, role, context.services.name_of(user)) for user, role in staff]
    buttons = tuple(Button(f"解任 {name}", Verb.DISMISS.of(user)) for user, _, name in named if user != ask.user)
    return Answer(
        Outcome.SAID, text="管理名單", rows=tuple((name, role.label) for _, role, name in named), buttons=buttons
    )


CLAIM = Command(
    (Verb.CLAIM, "claim"),
    "認領 ABCDE23456",
    "第一位擁有者用啟動時印出的碼認領",
    ("認領 ABCDE23456",),
    claim,
    group=False,
    own_word=True,
    hidden=True,
)
APPLY = Command(
    (Verb.APPLY, "apply"),
    "申請編輯",
    "想幫忙發文，拿一組碼給擁有者核准",
    ("申請編輯",),
    apply,
    group=False,
    hidden=True,
)
APPROVE = Command(
    (Verb.APPROVE, "approve"),
    "核准 ABCDE23456",
    "給編輯或版主權限",
    ("核准 ABCDE23456",),
    approve,
    role=Role.OWNER,
    group=False,
    own_word=True,
)
DISMISS = Command(
    (Verb.DISMISS, "dismiss"),
    "解任",
    "看誰是編輯和版主，收回權限",
    ("解任",),
    dismiss,
    role=Role.OWNER,
    group=False,
    own_word=True,
)
