"""來源, 收進來: a whole site into the archive with one line, and the rule for its new posts from then on."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.intake.sources.source import Source, SourceRule, SourceState
from corpus.storage import source_store
from handlers.answer import Answer, Button, error_answer, keyboard, text_answer
from handlers.ask import Ask
from handlers.command import editing_command
from handlers.context import Context
from handlers.identity import Role
from handlers.text.numbering import own_number
from handlers.verb import Verb

RULES = {
    "草稿": (SourceRule.DRAFT, "新文章先當草稿"),
    "上架": (SourceRule.SHELVE, "新文章直接上架，不通知"),
    "通知": (SourceRule.PUBLISH, "新文章直接上架並通知"),
}
SAID = dict(RULES.values())
NO_SOURCE = "沒有這個來源。打「來源」看有哪些。"

_URL = re.compile(r"^https?://\S+$", re.IGNORECASE)


def source(ask: Ask, context: Context) -> Answer:
    """List the sources, look at an address, show a source or change it: 來源, 來源 https://…, 來源 3, 來源 3 上架."""
    text = ask.text.strip()
    if not text:
        return _list(context)
    if _URL.match(text):
        return _look(text, ask, context)
    number, word = own_number(text)
    found = source_store.get(context.library.work.reader, number)
    if found is None:
        return error_answer(NO_SOURCE, Button("來源", Verb.SOURCE))
    return _change(found, word, ask, context) if word else show(found, context)


def take_in(ask: Ask, context: Context) -> Answer:
    """Take in the whole archive of a site that was looked at; the worker does it, and nobody is told: 收進來 3."""
    number, word = own_number(ask.text.strip())
    found = source_store.get(context.library.work.reader, number)
    if found is None:
        return error_answer(NO_SOURCE, Button("來源", Verb.SOURCE))
    if found.state is SourceState.FOUND:
        found = replace(found, state=SourceState.WALKING, next_at=ask.at, is_ours=word == "我的網站")
        source_store.keep(context.library.work.writer, found)
        context.club.audit.note(ask.user or "", "source", f"source:{found.id}", ask.at, found.address)
    return text_answer(
        f"開始收〈{found.title}〉，一次一頁慢慢來，不會通知任何人。收好會告訴你。",
        Button("看進度", Verb.SOURCE.of(found.id)),
    )


def show(found: Source, context: Context) -> Answer:
    """Show what was found of a source, or how far it has come, with buttons."""
    text = "\n".join([f"{found.id}〈{found.title}〉", *describe(found, context)])
    if found.state is SourceState.FOUND:
        return text_answer(
            text,
            Button("收進來", Verb.TAKE_IN.of(found.id)),
            Button("這是我的網站，收進來", Verb.TAKE_IN.of(f"{found.id} 我的網站")),
            Button("不要", Verb.SOURCE.of(f"{found.id} 移除")),
        )
    buttons = [
        Button(said, Verb.SOURCE.of(f"{found.id} {word}"))
        for word, (rule, said) in RULES.items()
        if rule is not found.rule
    ]
    return text_answer(text, *buttons, Button("不再跟", Verb.SOURCE.of(f"{found.id} 移除")))


def describe(found: Source, context: Context) -> list[str]:
    """Say what was found of a source, or how far it has come, line by line."""
    if found.state is SourceState.FOUND:
        return _found(found)
    counts = source_store.count_posts(context.library.work.reader, found.id)
    lines = [found.address, _progress(found, counts), SAID[found.rule]]
    lines += [f"網站上拿掉了 {counts['removed']} 篇，這裡還留著"] if counts.get("removed") else []
    lines += [f"沒收的 {counts['refused']} 篇，原因在後台「來源」頁"] if counts.get("refused") else []
    return lines + ([f"上次讀不到：{found.problem}"] if found.problem else [])


def _look(url: str, ask: Ask, context: Context) -> Answer:
    """Look at the site behind an address, before anything is taken in."""
    from corpus.intake import IntakeError

    known = source_store.at_address(context.library.work.reader, url)
    if known is not None:
        return show(known, context)
    try:
        found = context.services.source_at(url, ask.user or "", ask.at)
    except IntakeError as error:
        return error_answer(str(error))
    return show(source_store.add(context.library.work.writer, found), context)


def _change(found: Source, word: str, ask: Ask, context: Context) -> Answer:
    """Give a source another rule for new posts, or remove it."""
    writer = context.library.work.writer
    if word in ("移除", "不要", "remove"):
        source_store.remove(writer, found.id)
        context.club.audit.note(ask.user or "", "source", f"source:{found.id}", ask.at, "移除")
        return text_answer(f"不再跟〈{found.title}〉了。已經收進來的文章都還在。", Button("來源", Verb.SOURCE))
    if word not in RULES:
        return error_answer(
            "看不懂。可以打「草稿」「上架」「通知」或「移除」。", Button("看來源", Verb.SOURCE.of(found.id))
        )
    kept = source_store.keep(writer, replace(found, rule=RULES[word][0]))
    context.club.audit.note(ask.user or "", "source", f"source:{found.id}", ask.at, word)
    return show(kept, context)


def _list(context: Context) -> Answer:
    listed = source_store.every(context.library.work.reader)
    if not listed:
        return text_answer("還沒有來源。打「來源 網址」，整個網站一次收進來，之後自己跟著更新。", keyboard(Verb.SOURCE))
    rows = []
    for found in listed:
        counts = source_store.count_posts(context.library.work.reader, found.id)
        rows.append((f"{found.id} {found.title}", _progress(found, counts)))
    buttons = tuple(Button(f"來源 {found.id}", Verb.SOURCE.of(found.id)) for found in listed[:10])
    return replace(text_answer("來源", *buttons, keyboard(Verb.SOURCE, "加來源")), rows=tuple(rows))


def _progress(found: Source, counts: dict[str, int]) -> str:
    kept, expected = counts.get("kept", 0), found.found.get("count", 0)
    if found.state is SourceState.FOUND:
        return f"找到 {expected} 篇，還沒收"
    return f"正在收，{kept} / {expected} 篇" if found.state is SourceState.WALKING else f"{kept} 篇，跟著更新"


def _found(found: Source) -> list[str]:
    said = found.found
    until = f"最新一篇 {said['newest']}" if not said.get("oldest") else f"{said['oldest']} 到 {said['newest']}"
    span = f"，{until}" if said.get("newest") else ""
    lines = [f"{found.doors.kind}：找到 {said['count']} 篇{span}", found.address]
    lines += [f"作者：{'、'.join(said['authors'][:6])}"] if said["authors"] else []
    lines += [f"標籤：{'、'.join(said['tags'][:10])}"] if said["tags"] else []
    lines += [f"看過的 {said['looked_at']} 篇裡，{said['for_members']} 篇像是會員專屬"] if said["for_members"] else []
    lines += ["收進來會像這樣："]
    return [*lines, *(f"・{day or '日期未標示'}〈{title}〉" for day, title, _ in said["samples"])]


SOURCE = editing_command((Verb.SOURCE, "source"), "來源 網址", "整個網站收進來，之後跟著更新", source, Role.MODERATOR)
TAKE_IN = editing_command((Verb.TAKE_IN,), "收進來 3", "把來源的文章全部收進來", take_in, Role.MODERATOR, hidden=True)
