"""Words: new ones to accept or reject, and what moderators have taught the lexicon."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from bot.web.admin.request import AdminRequest, is_htmx, redirect_to, requires_role
from corpus.storage.lexicon_edits import LineKind
from handlers.editing.lexicon_commands import STRIKE, aliases, new_words, readable, synonyms, themes
from handlers.identity import Role

pages = Blueprint("lexicon", __name__, url_prefix="/words")

LESSONS = {LineKind.SYNONYM: synonyms, LineKind.ALIAS: aliases, LineKind.THEME: themes}
NAMES = {
    LineKind.SYNONYM: ("同義詞", "液冷=水冷"),
    LineKind.ALIAS: ("個股別名", "2330=護國神山"),
    LineKind.THEME: ("主題", "鈉電池=鈉離子電池、sodium-ion"),
}
MOST_LISTED = 20


@pages.get("/")
@requires_role(Role.MODERATOR)
def listing(visit: AdminRequest) -> str:
    return _page(visit, {})


def _page(visit: AdminRequest, typed: dict[str, str]) -> str:
    """Draw the page; `typed` holds, by kind, a line that was not understood."""
    admin = visit.archive_admin
    return render_template(
        "admin/lexicon.html",
        visit=visit,
        suggestions=admin.suggestions(MOST_LISTED),
        most=MOST_LISTED,
        lines=admin.lines(),
        readable=readable,
        typed=typed,
        NAMES=NAMES,
    )


@pages.post("/suggestion")
@requires_role(Role.MODERATOR)
def decide(visit: AdminRequest) -> Response | str:
    """Accept or reject a word; on a live page only its row is drawn anew."""
    word, verdict = request.form.get("word", "")[:64], request.form.get("verdict", "")
    if verdict not in ("收", "不收") or not word:
        abort(400)
    if is_htmx():
        new_words(visit.ask.with_text(f"{verdict} {word}"), visit.context)
        return render_template("admin/lexicon_line.html", word=word, verdict=verdict)
    visit.do(new_words, f"{verdict} {word}")
    return redirect_to("lexicon.listing")


@pages.post("/<any(synonym, alias, theme):kind>")
@requires_role(Role.MODERATOR)
def teach(visit: AdminRequest, kind: str) -> Response | tuple[str, int]:
    line = request.form.get("line", "")
    if not visit.do(LESSONS[LineKind(kind)], line):
        return _page(visit, {kind: line}), 422
    return redirect_to("lexicon.listing")


@pages.post("/<any(synonym, alias, theme):kind>/strike")
@requires_role(Role.MODERATOR)
def delete(visit: AdminRequest, kind: str) -> Response:
    visit.do(LESSONS[LineKind(kind)], f"{STRIKE} {request.form.get('line', '')}")
    return redirect_to("lexicon.listing")
