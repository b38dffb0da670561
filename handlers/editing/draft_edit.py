"""改 標題, 改 日期, 公開, 會員專屬: fields of a draft that the bot did not understand, or has to ask for."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from corpus.essay import Essay, Series, Visibility
from corpus.language.text import to_halfwidth
from handlers.answer import Answer, Button, error_answer, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.club.drafts import Draft
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_access import DraftReference, find_to_change, keep
from handlers.editing.word_change import count_words, not_there, with_words
from handlers.verb import Verb

LONGEST_TITLE = 200
FIELDS = ("標題", "日期", "作者", "來源", "系列", "前言", "換字", "丟掉")
NO_SERIES = "不放"

_MONTH = re.compile(r"^(?P<y>(?:19|20)\d\d|1[01]\d)\s*[年./-]\s*(?P<m>\d{1,2})\s*月?$")
_MONTH_AND_DAY = re.compile(r"^(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})\s*日?$")
_DAYS_AGO = {"今天": 0, "昨天": 1, "前天": 2}
_EACH = "逐篇填"
_SAME_MONTH = "同一個月"
_SKIP = "先不填"


def revise(ask: Ask, context: Context) -> Answer:
    """Change one field of a draft, 改 3 標題 …, 改 3-2 日期 …; without a value the next free text is it."""
    found = find_to_change(ask, context)
    if isinstance(found, Answer):
        return found
    field = next((field for field in FIELDS if found.rest.startswith(field)), None)
    if field is None or not found.draft.essays:
        return error_answer("可以改：" + "、".join(FIELDS) + "。例如「改 標題 新的標題」。", _back(found.draft))
    value = found.rest[len(field) :].strip(" :\uff1a\u3000\n")
    if not value and field != "丟掉":
        return _ask_for(field, found)
    return _CHANGES[field](found, value, ask, context)


def set_visibility(visibility: Visibility, ask: Ask, context: Context) -> Answer:
    """Set who may read a draft: 公開 3, 會員專屬 3-2, 會員專屬 3 決策者、分析者."""
    found = find_to_change(ask, context)
    if isinstance(found, Answer):
        return found
    if not found.draft.essays:
        return error_answer("先貼文章，打「完成」之後再選。", _back(found.draft))
    if found.rest and not visibility.is_public:
        plans = context.club.memberships.plans()
        visibility = Visibility.typed(found.rest) or visibility
        if not set(plans).issuperset(visibility.plans):
            return error_answer(_no_such_plan(plans), _back(found.draft))
    draft = _each(found, lambda essay: replace(essay, visibility=visibility))
    return keep(replace(draft, visibility_chosen=True), ask, context)


def _no_such_plan(plans: Sequence[str]) -> str:
    return f"沒有這個方案。現有的方案：{'、'.join(plans)}。" if plans else "還沒有任何方案，可以在後台的會員頁新增。"


def _ask_for(field: str, found: DraftReference) -> Answer:
    """Ask for the value of a field: the next free text is it."""
    if field == "日期" and found.place is None and len(found.draft.essays) > 1:
        return _ask_for_dates(found.draft)
    where = _where(found.draft, found.place)
    question = {
        "標題": "新標題是？",
        "日期": "什麼時候寫的？例如 2026/3/5、3 月 5 日、昨天。",
        "作者": "作者是誰？",
        "來源": "出自哪裡？",
        "系列": f"哪個系列的第幾篇？例如「記憶體週期 3」；不放在系列裡就打「{NO_SERIES}」。",
        "前言": "人人看得到的前言要寫什麼？",
        "換字": "哪裡要換？打「舊的字=新的字」。",
    }[field]
    essay = found.draft.essays[found.place or 0]
    prefix = f"〈{essay.title}〉" if len(found.draft.essays) > 1 else ""
    return text_answer(
        prefix + question,
        *_shortcuts(field, where, essay),
        Button("先不改", Verb.DRAFTS.of(found.draft.id)),
        session=Session(command=Verb.DRAFTS.of(found.draft.id), pending=Verb.REVISE.of(f"{where} {field}")),
    )


def _shortcuts(field: str, where: str, essay: Essay) -> list[Button]:
    """Return a button with a calendar for a date, or the keyboard with the title as it stands."""
    if field == "日期":
        return [_pick_date(where)]
    return [keyboard(Verb.REVISE.of(f"{where} 標題"), "照原來的改", essay.title)] if field == "標題" else []


def _pick_date(where: str) -> Button:
    return Button("挑日期", Verb.REVISE.of(f"{where} 日期"), picks="date")


def _ask_for_dates(draft: Draft) -> Answer:
    """Ask how to date several essays at once."""
    return text_answer(
        "這一頁有好幾篇，日期怎麼填？",
        Button(_EACH, Verb.REVISE.of(f"{draft.id} 日期 {_EACH}")),
        Button("都填同一個月", Verb.REVISE.of(f"{draft.id} 日期 {_SAME_MONTH}")),
        Button(_SKIP, Verb.REVISE.of(f"{draft.id} 日期 {_SKIP}")),
    )


def _set_title(found: DraftReference, value: str, ask: Ask, context: Context) -> Answer:
    title = " ".join(value.split())[:LONGEST_TITLE]
    return keep(_one(found, lambda essay: replace(essay, title=title)), ask, context)


def _set_author(found: DraftReference, value: str, ask: Ask, context: Context) -> Answer:
    return keep(_each(found, lambda essay: replace(essay, author=value[:100])), ask, context)


def _set_source(found: DraftReference, value: str, ask: Ask, context: Context) -> Answer:
    return keep(_each(found, lambda essay: replace(essay, source=value[:100])), ask, context)


def _set_series(found: DraftReference, value: str, ask: Ask, context: Context) -> Answer:
    series = Series.typed(value)
    if series is None and value != NO_SERIES:
        return error_answer("系列要有名字和第幾篇，例如「改 系列 記憶體週期 3」。", _back(found.draft))
    return keep(_one(found, lambda essay: replace(essay, series=series)), ask, context)


def _set_lead(found: DraftReference, value: str, ask: Ask, context: Context) -> Answer:
    def lead(essay: Essay) -> Essay:
        first = essay.paragraphs[0].text if essay.paragraphs else ""
        return replace(essay, lead={"第一段": first, "不放": ""}.get(value, value))

    return keep(_each(found, lead), ask, context)


def _set_date(found: DraftReference, value: str, ask: Ask, context: Context) -> Answer:
    draft = found.draft
    if value == _SKIP:
        return keep(replace(draft, undated_is_fine=True), ask, context)
    if value == _EACH:
        return _next_date(draft, "") or keep(draft, ask, context)
    if value == _SAME_MONTH:
        return text_answer(
            "哪一年哪一月？例如 2025/3。",
            session=Session(Verb.DRAFTS.of(draft.id), pending=Verb.REVISE.of(f"{draft.id} 日期")),
        )
    day = read_past_day(value, ask.at.date())
    if day is None or day > ask.at.date():
        hint = "日期看不懂" if day is None else "這一天還沒到"
        session = Session(Verb.DRAFTS.of(draft.id), pending=Verb.REVISE.of(f"{_where(draft, found.place)} 日期"))
        return replace(
            error_answer(
                f"{hint}，例如 2026/3/5、3 月 5 日、昨天。", Button(_SKIP, Verb.REVISE.of(f"{draft.id} 日期 {_SKIP}"))
            ),
            session=session,
        )
    if found.place is None and len(draft.essays) > 1:
        return keep(_each(found, lambda essay: replace(essay, published=essay.published or day)), ask, context)
    dated = _one(found, lambda essay: replace(essay, published=day))
    if found.place is not None and (
        question := _next_date(dated, f"〈{dated.essays[found.place].title}〉{day:%Y/%m/%d}。")
    ):
        context.club.drafts.keep(dated, ask.at)
        return question
    return keep(dated, ask, context)


def _replace_words(found: DraftReference, value: str, ask: Ask, context: Context) -> Answer:
    old, equals, new = (part.strip() for part in value.partition("=" if "=" in value else "\uff1d"))
    if not old or not equals:
        again = keyboard(Verb.REVISE.of(f"{_where(found.draft, found.place)} 換字"), "換字…", value)
        return error_answer("打「舊的字=新的字」，例如「改 換字 30 億元=300 億元」。", again, _back(found.draft))
    count = sum(count_words(essay, old) for essay in _meant(found))
    if not count:
        return error_answer(f"文章{not_there(old, _meant(found))}", _back(found.draft))
    return keep(_each(found, lambda essay: with_words(essay, old, new)), ask, context, f"換了 {count} 處。")


def _throw_out(found: DraftReference, _value: str, ask: Ask, context: Context) -> Answer:
    if found.place is None or len(found.draft.essays) < 2:
        return error_answer("要丟掉哪一篇？例如「改 3-2 丟掉」。整份不要請打「刪除草稿」。", _back(found.draft))
    return keep(found.draft.without_essay(found.place), ask, context)


_CHANGES: dict[str, Callable[[DraftReference, str, Ask, Context], Answer]] = {
    "標題": _set_title,
    "日期": _set_date,
    "作者": _set_author,
    "來源": _set_source,
    "系列": _set_series,
    "前言": _set_lead,
    "換字": _replace_words,
    "丟掉": _throw_out,
}


def read_past_day(text: str, today: date) -> date | None:
    """Read 「2026/3/5」, 「114年3月5日」, 「3/5」 (the latest one past), 「昨天」, or a month, which stands for its first day."""
    from corpus.intake.dates import find_date

    text = to_halfwidth(text).strip()
    if text in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[text])
    try:
        if (month := _MONTH.match(text)) is not None:
            year = int(month["y"])
            return date(year if year > 1900 else year + 1911, int(month["m"]), 1)
        if (day := _MONTH_AND_DAY.match(text)) is not None:
            return _latest_past(int(day["m"]), int(day["d"]), today)
    except ValueError:
        return None
    return find_date(text)


def _latest_past(month: int, day: int, today: date) -> date | None:
    """Return the latest such day up to today, for 2/29 up to eight years ago; None where no year has it."""
    years = (year for year in range(today.year, today.year - 9, -1) if 1 <= day <= monthrange(year, month)[1])
    return next((past for past in (date(year, month, day) for year in years) if past <= today), None)


def _next_date(draft: Draft, said_first: str) -> Answer | None:
    """Ask for the date of the next essay without one; None where there is none."""
    place = next((place for place, essay in enumerate(draft.essays) if essay.published is None), None)
    if place is None:
        return None
    question = f"{said_first}〈{draft.essays[place].title}〉是什麼時候寫的？"
    session = Session(Verb.DRAFTS.of(draft.id), pending=Verb.REVISE.of(f"{draft.id}-{place + 1} 日期"))
    skip = Button("其他先不填", Verb.REVISE.of(f"{draft.id} 日期 {_SKIP}"))
    return text_answer(question, _pick_date(f"{draft.id}-{place + 1}"), skip, session=session)


def _meant(found: DraftReference) -> tuple[Essay, ...]:
    return found.draft.essays if found.place is None else (found.draft.essays[found.place],)


def _one(found: DraftReference, change: Callable[[Essay], Essay]) -> Draft:
    place = found.place or 0
    return found.draft.with_essay(place, change(found.draft.essays[place]))


def _each(found: DraftReference, change: Callable[[Essay], Essay]) -> Draft:
    """Return the draft with the named essay changed, or all of them."""
    if found.place is not None:
        return _one(found, change)
    return replace(found.draft, essays=tuple(change(essay) for essay in found.draft.essays))


def _where(draft: Draft, place: int | None) -> str:
    return str(draft.id) if place is None else f"{draft.id}-{place + 1}"


def _back(draft: Draft) -> Button:
    return Button("看草稿", Verb.DRAFTS.of(draft.id))


REVISE = editing_command(
    (Verb.REVISE, "revise"),
    "改 標題 新的標題",
    "改草稿的標題、日期、作者、來源、系列、前言、換字、丟掉",
    revise,
    verbatim=True,
)
PUBLIC = editing_command((Verb.PUBLIC, "public"), "公開", "草稿給所有人看", partial(set_visibility, Visibility.PUBLIC))
MEMBERS = editing_command(
    (Verb.MEMBERS_ONLY, "membersonly"), "會員專屬", "草稿只給會員看全文", partial(set_visibility, Visibility.MEMBERS)
)
