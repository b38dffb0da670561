"""說明: five things to try first; 全部指令: the table, made from the handlers themselves."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.answer import Answer, Button, Choice, Outcome, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.command import Command, Handler
from handlers.context import Context
from handlers.text.paging import split_page
from handlers.verb import Verb

PAGE, GROUP_PAGE = 14, 6  # lines: a group gets a short bubble
IN_GROUP = "群組裡打「羅盤」開頭或 @ 我，例如「羅盤 散熱」；全部打法：「羅盤 全部指令」。"
FIRST = "直接打公司、代號、主題或問題就可以。先試這幾個："


def commands(others: Sequence[Command]) -> tuple[Command, Command]:
    """Return 說明 and 全部指令, the commands that explain those of the others that the asker may use here."""
    words = ("幫助", "怎麼用", "使用說明", "使用方法", "功能", "選單", "menu", "help")
    first = Command((Verb.HELP, *words), "說明", "先試這幾個", ("說明",), guide, exact_only=True)
    all_words = (Verb.ALL_COMMANDS, "所有指令", "指令", "指令表", "commands")
    table = Command(all_words, "全部指令", "這張表", ("全部指令",), _table(others), exact_only=True)
    return first, table


def guide(ask: Ask, context: Context) -> Answer:
    """Show five examples, two in a group, each to be pressed, or typed by its number."""
    tallies = context.library.subjects.theme_tallies()
    theme = tallies[0].name if tallies else "散熱"
    examples = (
        Choice("台積電", Verb.SECURITY.of("2330"), "查公司：文章說過什麼、什麼時候說的"),
        Choice(f"{theme}的重點", Verb.FIND.of(f"{theme}的重點"), "問問題：直接打，或打「找 關鍵字」"),
        Choice("主題", Verb.THEME, "有哪些主題"),
        Choice(f"訂閱 {theme}", Verb.SUBSCRIBE.of(theme), "有新文章時送你重點"),
        Choice("追蹤 2330", Verb.WATCH.of("2330"), "文章寫到它時告訴你"),
    )
    return Answer(
        Outcome.SAID,
        text=IN_GROUP if ask.chat.is_group else FIRST,
        choices=examples,
        suggests=True,
        buttons=(keyboard(Verb.FIND, "打字問"), Button("全部指令", Verb.ALL_COMMANDS), Button("最新文章", Verb.LATEST)),
    )


def _table(others: Sequence[Command]) -> Handler:
    def table(ask: Ask, context: Context) -> Answer:
        """List what this person can say here, one line each, in the order of the commands."""
        _, page = split_page(ask.text)
        size = GROUP_PAGE if ask.chat.is_group else PAGE
        shown = [c for c in others if not c.hidden and c.role <= ask.role and (c.group or not ask.chat.is_group)]
        here = shown[(page - 1) * size : page * size]
        if not here:
            return text_answer("指令就到這裡。", Button("說明", Verb.HELP))
        more = (Button("更多", Verb.ALL_COMMANDS.of(f"第{page + 1}頁")),) if len(shown) > page * size else ()
        return Answer(
            Outcome.SAID,
            text=IN_GROUP if ask.chat.is_group else "全部指令：前面是打法，後面是做什麼。",
            rows=tuple((c.usage, c.help) for c in here),
            buttons=(*more, Button("最新文章", Verb.LATEST), Button("主題", Verb.THEME)),
            session=Session(Verb.ALL_COMMANDS, page),
        )

    return table
