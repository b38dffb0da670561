"""Takes the pictures of README and docs/moderators.md anew, on a phone over the sample archive: `make pictures`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from bot.app import warm
from bot.config import Settings
from bot.dev.local import LocalBot, local_bot
from bot.dev.simulator.people import PERSONS
from bot.migrate import open_archive
from bot.web.admin.manuscript import as_manuscript
from corpus.database import UnitOfWork
from corpus.intake import essays_in_file
from corpus.search.labelled import SAMPLES
from handlers.club.admin_sessions import AdminSessions
from handlers.club.club import Club
from handlers.identity import Role
from tests.support.fake_wordpress import FakeSite, FakeWordPress
from tests.support.phones import Heard, Phone

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
NEW = "2026-09-14-panel-level.md"  # the sample that is published while the pictures are taken
WIDTH, SCALE = 390, 1.5
EDITOR, READER, _ = PERSONS
QUESTIONS = ("鈉電池什麼時候量產", "矽光子誰做得出來", "鈉電池什麼時候量產", "人形機器人的減速機")
SEVERAL = "archive-page.txt"
POSTS = 24  # of the site that is taken in


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeWordPress(FakeSite.of(POSTS)) as site,
        sample_stage(Path(folder), allowed=site.host) as stage,
        phone_screen() as page,
    ):
        photograph_readme(stage, page)
        photograph_chat(stage, page)
        photograph_desk(stage, page)
        photograph_source(stage, page, site)


@contextmanager
def sample_stage(folder: Path, join: str = "", allowed: str = "") -> Iterator[LocalBot]:
    """The bot and a LINE platform over the samples, but for the new one; `join` says how to become a member, `allowed` is
    the host of a site on this machine."""
    settings = Settings(
        database_url=f"sqlite:///{folder}/luopan.db",
        luopan_rate=0,
        luopan_join=join,
        luopan_fetch_allow=allowed,
    )
    archive = open_archive(settings)
    for file in sorted(SAMPLES.glob("20*.md")):
        if file.name != NEW:
            archive.add(essays_in_file(file), datetime.now(settings.zone), news=False)
    with local_bot(settings, archive) as stage:
        warm(stage.bot)
        yield stage


@contextmanager
def phone_screen() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--hide-scrollbars"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": 844},
            device_scale_factor=SCALE,
            locale="zh-TW",
            timezone_id="Asia/Taipei",
            color_scheme="light",
        )
        yield page
        browser.close()


class Chat:
    """The editor's conversation: what is said is answered, and what is seen can be kept."""

    def __init__(self, stage: LocalBot, page: Page) -> None:
        self.phone, self.page = Phone(stage, EDITOR), page
        page.goto(stage.page)

    def say(self, text: str) -> Heard:
        return self.phone(text)

    def press(self, heard: Heard, label: str) -> Heard:
        return self.phone.press(heard, label)

    def keep(self, name: str, height: int, place: str = "一對一") -> None:
        """The end of the conversation, as high as the picture is to be."""
        self.page.set_viewport_size({"width": WIDTH, "height": height})
        screen = self.page.get_by_role("region", name=f"{place}聊天")
        screen.locator(".speakers, .tie").evaluate_all("parts => parts.forEach(part => { part.hidden = true; })")
        messages = screen.locator(".messages")
        messages.evaluate("list => list.scrollTo({top: list.scrollHeight, behavior: 'instant'})")
        expect(messages.locator("> li").last).to_be_in_viewport()
        screen.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def photograph_readme(stage: LocalBot, page: Page) -> None:
    """A question one to one and one in a group, for README."""
    reader, crowd = PERSONS[1], next(iter(stage.platform.chats.groups.values()))
    chat = Chat(stage, page)
    stage.platform.say(crowd.id, reader.id, "液冷到底要等到什麼時候")
    Phone(stage, reader, crowd)("羅盤 氣冷的機房設計以每櫃多少千瓦為上限")
    page.get_by_role("button", name="群組", exact=True).click()
    chat.keep("group", 800, "群組")
    page.get_by_role("button", name="一對一", exact=True).click()
    chat.say("氣冷的機房設計以每櫃多少千瓦為上限")
    chat.keep("person", 1150)


def photograph_chat(stage: LocalBot, page: Page) -> None:
    for someone in PERSONS:
        Phone(stage, someone).hear(stage.platform.follow(someone.id))
    chat = Chat(stage, page)
    chat.say("申請編輯")
    chat.keep("line-apply", 420)
    promote(stage)
    number = publish(chat)
    correct(chat)
    chat.press(chat.say(f"推播 {number}"), "確定推播")
    chat.keep("line-push", 620)
    for question in QUESTIONS:
        Phone(stage, READER)(question)
    chat.say("沒答到的")
    chat.say("同義詞 液冷=水冷")
    chat.keep("line-gaps", 640)


def publish(chat: Chat) -> str:
    """From 發文 to a published essay; its number."""
    (essay,) = essays_in_file(SAMPLES / NEW)
    chat.say("發文")
    chat.say(f"{essay.title}\n\n{essay.published:%Y年%m月%d日}\n作者：{essay.author}\n\n{as_manuscript(essay.blocks)}")
    understood = chat.press(chat.say("完成"), "公開")
    chat.keep("line-understood", 760)
    chat.press(understood, "預覽")
    chat.keep("line-preview", 640)
    published = chat.press(chat.press(understood, "發布"), "上架並通知")
    chat.keep("line-published", 640)
    return published.text.split("#", 1)[1].split("。", 1)[0]


def correct(chat: Chat) -> None:
    corrected = chat.say("更正 1 市場習慣問=大家習慣問")
    chat.press(corrected, "排程")
    chat.say("明天 08:30")
    chat.keep("line-corrected", 640)


def promote(stage: LocalBot) -> None:
    with UnitOfWork(stage.bot.engine) as work:
        Club(work).people.set_role(EDITOR.id, Role.OWNER, datetime.now(stage.bot.settings.zone))
        work.commit()


def photograph_desk(stage: LocalBot, page: Page) -> None:
    stage.bot.worker.tick(datetime.now(stage.bot.settings.zone) + timedelta(minutes=4))
    enter(stage, page)
    keep_page(stage, page, "essays/", "desk-essays", 760)
    keep_page(stage, page, upload(stage, page), "desk-split", 600, "fieldset:has([name=join-2])")
    keep_page(stage, page, "essays/1/edit", "desk-edit", 800, "#preview-title")
    keep_page(stage, page, "plans/", "desk-plans", 560)
    keep_page(stage, page, "deliveries", "desk-deliveries", 720)


def photograph_source(stage: LocalBot, page: Page, site: FakeWordPress) -> None:
    """A whole site: what is found, that it is taken in, and the report of it."""
    site.site.posts = {n: replace(post, title=post.title.partition("：")[0]) for n, post in site.site.posts.items()}
    site.site.rest = False
    keeper = stage.bot.worker.keeper
    assert keeper is not None
    chat = Chat(stage, page)
    found = chat.say(f"來源 {site.url}")
    chat.keep("line-source", 580)
    chat.press(found, "收進來")
    keeper.look(datetime.now(stage.bot.settings.zone))
    keep_page(stage, page, "sources/1?state=kept", "desk-source", 600, "h2:has-text('匯入報告')")
    page.locator("summary").first.click()
    page.screenshot(path=FOLDER / "desk-source.png", animations="disabled")


def upload(stage: LocalBot, page: Page) -> str:
    """Add a page of several essays; where their draft is."""
    page.goto(f"{stage.bot.settings.public_url}/desk/upload")
    page.get_by_label("選檔案").set_input_files(SAMPLES / SEVERAL)
    page.get_by_role("button", name="讀讀看").click()
    page.wait_for_url("**/drafts/*")
    return page.url.partition("/desk/")[2]


def enter(stage: LocalBot, page: Page) -> None:
    with UnitOfWork(stage.bot.engine) as work:
        code = AdminSessions(work).invite(EDITOR.id, datetime.now(stage.bot.settings.zone))
        work.commit()
    page.goto(f"{stage.bot.settings.public_url}/desk/enter?code={code}")
    page.get_by_role("button", name="進後台").click()


def keep_page(stage: LocalBot, page: Page, path: str, name: str, height: int, part: str = "body") -> None:
    """A page of the desk, from its top or from one part of it."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(f"{stage.bot.settings.public_url}/desk/{path}")
    page.wait_for_load_state("networkidle")
    page.locator(part).evaluate("part => part.scrollIntoView({behavior: 'instant'})")
    expect(page.locator(f"{part} [hx-trigger=revealed] > .hint")).to_have_count(0)  # it was read meanwhile
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
