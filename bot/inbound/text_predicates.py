"""Tell the gate what a text is, from the commands and the lexicon."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.inbound.gate import TextPredicates
from corpus.analysis.tickers import scan
from corpus.language.text import fold
from corpus.library import ArchiveResources
from handlers.routing.follow_up import asks_after, is_follow_up, other_name
from handlers.routing.route import Router
from handlers.routing.typed_text import tidy
from handlers.text.decorations import subject_of, without_courtesy
from handlers.text.question_detection import looks_like_question

_ASKS_WHICH = re.compile("[哪誰什甚]|為何|如何|怎麼|多少|幾")


def text_predicates(router: Router, archive: ArchiveResources, today: Callable[[], date]) -> TextPredicates:
    """Return the gate's questions about a text, answered by the commands and the lexicon; `today` is the community's day."""

    def is_name(text: str) -> bool:
        return bool(archive.lexicon.resolve(text.lstrip("$"))) or archive.themes.resolve(text.lstrip("#")) is not None

    def names(text: str) -> bool:
        text = router.plain(text)
        call = router.exact(text)
        calls = call is not None and (not call.whole or call.command.allowed_in_quiet_mode or is_name(call.rest))
        return calls or is_name(text) or asks_politely(text) or is_name(subject_of(text))

    def asks_politely(text: str) -> bool:
        """Tell whether a text is a command after a polite opener: 「幫我查輝達」."""
        polite = without_courtesy(text)
        return polite != text and router.exact(polite) is not None

    def asks(text: str) -> bool:
        """Tell whether a text is a question about something that essays may be about; 「真假?」 is talk."""
        return looks_like_question(text) and bool(
            scan(text, archive.lexicon) or any(archive.themes.signals(fold(text)))
        )

    def asks_further(text: str) -> bool:
        """Tell whether a text that quotes an answer asks on: 「那台灣呢」, or 「台灣廠商有哪些受惠？」 about anything the lexicon knows."""
        if asks_after(router.plain(text)) or asks_after(tidy(text)):
            return True
        reader = archive.language.matcher.reader
        subjects = reader.subjects(text, today()) if looks_like_question(text) else ()
        return _ASKS_WHICH.search(text) is not None and any(word.known and not word.facet for word in subjects)

    def follows_up(text: str) -> bool:
        name = other_name(tidy(text))
        return is_name(name) if name else is_follow_up(router.plain(text)) or wants_more(text)

    def manages(text: str) -> bool:
        call = router.exact(router.plain(text))
        return call is not None and call.command.allowed_in_quiet_mode

    def wants_more(text: str) -> bool:
        call = router.exact(router.plain(text))
        return call is not None and call.command.words[0] == "更多" and not call.rest

    return TextPredicates(
        names=names,
        asks=asks,
        follows_up=follows_up,
        asks_after=asks_further,
        wants_more=wants_more,
        is_settings_command=manages,
    )
