"""說明: made from the handlers themselves."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.answer import Answer, Button, Outcome, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command, Handler
from handlers.context import Context
from handlers.text.paging import split_page
from handlers.verb import Verb

PAGE, GROUP_PAGE = 14, 7  # lines: a group gets a short bubble


def command(commands: Sequence[Command]) -> Command:
    """The help command for these commands: each one that the asker may use here, with its one line."""
    words = ("說明", "幫助", "怎麼用", "使用說明", "功能", "選單", "指令", "menu", "help")
    return Command(words, "說明", "這張表", ("說明",), _guide(commands), exact_only=True)


def _guide(commands: Sequence[Command]) -> Handler:
    def guide(ask: Ask, context: Context) -> Answer:
        """What this person can say here, one line each, the most useful first."""
        _, page = split_page(ask.text)
        size = GROUP_PAGE if ask.chat.is_group else PAGE
        shown = [c for c in commands if not c.hidden and c.role <= ask.role and (c.group or not ask.chat.is_group)]
        here = shown[(page - 1) * size : page * size]
        if not here:
            return text_answer("說明就到這裡。", Button("說明", Verb.HELP))
        more = (Button("更多", Verb.HELP.of(f"第{page + 1}頁")),) if len(shown) > page * size else ()
        text = "群組裡打「羅盤」開頭或 @ 我，例如「羅盤 散熱」" if ask.chat.is_group else "直接打公司、代號、主題或問題"
        return Answer(
            Outcome.SAID,
            text=text,
            rows=tuple((c.usage, c.help) for c in here),
            buttons=(*more, Button("最新文章", Verb.LATEST), Button("主題", Verb.THEME)),
            session=Session(Verb.HELP, page),
        )

    return guide
