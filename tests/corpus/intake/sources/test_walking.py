"""A whole site is taken in with one walk: every post once, as its site has it, whatever goes wrong on the way."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from corpus.database import connect, reading, writing
from corpus.essay import Essay, Visibility
from corpus.intake.allowed import allowed_hosts
from corpus.intake.errors import IntakeError
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.discovery import discover, new_source
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.placement import PostReport
from corpus.intake.sources.source import Source, SourceKind, SourceRule, SourceState
from corpus.intake.sources.sync import SourceSync
from corpus.library import ArchiveResources
from corpus.storage import source_store
from corpus.storage.essay_store import latest
from corpus.storage.schema import essays
from handlers.club.drafts import Drafts
from handlers.editing.source_drafts import SourceDrafts
from tests.support.fake_wordpress import TAIPEI, FakePost, FakeSite, FakeWordPress, Habits, Trouble, make_post
from tests.support.schemas import lay_schema

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 28, 12, tzinfo=TAIPEI)


class Desk:
    """An archive that keeps one source up."""

    def __init__(self, folder: Path, engine: Engine, fake: FakeWordPress) -> None:
        self.engine = engine
        self.fake = fake
        self.slept: list[float] = []
        self.archive = ArchiveResources(engine, folder / "index")
        allowed = allowed_hosts(fake.host)
        self.manners = Manners("Luopan/1.0 (+https://bot.example.com)", allowed, sleep=self.slept.append)
        self.sync = SourceSync(self.archive, self.manners, SourceDrafts(("Uowner",)))

    def add(self, rule: SourceRule = SourceRule.SHELVE) -> Source:
        found = discover(self.fake.url, SourceClient(self.manners))
        source = replace(new_source(self.fake.url, found, rule, NOW, is_ours=False), state=SourceState.WALKING)
        with writing(self.engine) as connection:
            return source_store.add(connection, source)

    def look(self, source: Source, at: datetime = NOW) -> list[PostReport]:
        return list(self.sync.run(source.id, at))

    def essays(self) -> dict[str, Essay]:
        with reading(self.engine) as connection:
            held = latest(connection, 10_000)
        assert len({essay.url for essay in held}) == len(held), "no essay twice"
        return {essay.url or "": essay for essay in held}

    def news(self) -> int:
        with reading(self.engine) as connection:
            return len(connection.execute(select(essays.c.id).where(essays.c.born > 0)).all())


@pytest.fixture
def site() -> FakeSite:
    return FakeSite.of(24)


@pytest.fixture
def fake(site: FakeSite) -> Iterator[FakeWordPress]:
    with FakeWordPress(site) as fake:
        yield fake


@pytest.fixture
def desk(tmp_path: Path, fake: FakeWordPress) -> Desk:
    url = f"sqlite:///{tmp_path}/luopan.db"
    lay_schema(url)
    engine = connect(url)
    return Desk(tmp_path, engine, fake)


def facts(essay: Essay) -> tuple[object, ...]:
    return essay.title, essay.published, essay.author, set(essay.tags)


def expected(post: FakePost) -> tuple[object, ...]:
    return post.title, post.written.astimezone(TAIPEI).date(), post.author, set(post.tags)


def assert_whole(desk: Desk, site: FakeSite, but: int = 0) -> None:
    """Every public post is an essay with title, date, author and tags as the site has them."""
    held = desk.essays()
    wanted = {desk.fake.address(post): expected(post) for post in site.public()}
    assert set(held) <= set(wanted)
    wrong = {address for address, post in wanted.items() if address not in held or facts(held[address]) != post}
    assert len(wrong) <= but, wrong


def test_a_wordpress_comes_in_whole_and_nobody_is_told(desk: Desk, site: FakeSite) -> None:
    site.posts[5] = replace(site.posts[5], status="private")
    source = desk.add(SourceRule.PUBLISH)
    assert source.doors.kind is SourceKind.WORDPRESS
    assert Counter(one.status for one in desk.look(source)) == {"added": 23}
    assert_whole(desk, site)
    assert desk.news() == 0
    assert site.agents == {"Luopan/1.0 (+https://bot.example.com)"}


def test_what_was_found_is_shown_before_it_is_taken_in(desk: Desk, site: FakeSite) -> None:
    found = discover(desk.fake.url, SourceClient(desk.manners))
    assert (found.title, found.count, found.newest) == (
        "羅盤測試站",
        24,
        max(post.written for post in site.public()).date(),
    )
    assert found.oldest == min(post.written for post in site.public()).astimezone(TAIPEI).date()
    assert len(found.samples) == 5
    assert not desk.essays()


def test_a_wordpress_that_closed_its_door_comes_in_by_sitemap_and_pages(desk: Desk, site: FakeSite) -> None:
    site.rest = False
    site.trouble = Trouble(theme_changes_after=12)
    source = desk.add()
    assert source.doors.kind is SourceKind.SITEMAP
    assert source.found["oldest"] is None, "the feed's ten posts do not tell it"
    desk.look(source)
    assert_whole(desk, site)


def test_a_door_that_closes_in_the_middle_of_its_life_changes_nothing(desk: Desk, site: FakeSite) -> None:
    source = desk.add()
    desk.look(source)
    site.rest = False
    after = desk.look(source, NOW + timedelta(hours=6))
    assert {one.status for one in after} <= {"unchanged"}
    assert_whole(desk, site)


def test_a_site_with_nothing_but_a_feed_comes_in_by_the_pages_of_its_feed(desk: Desk, site: FakeSite) -> None:
    site.rest = site.sitemap = False
    source = desk.add()
    assert source.doors.kind is SourceKind.FEED
    desk.look(source)
    assert len(desk.essays()) == 24


def test_a_site_without_any_door_comes_in_by_its_lists(desk: Desk, site: FakeSite) -> None:
    site.rest = site.sitemap = site.feed = False
    source = desk.add()
    assert source.doors.kind is SourceKind.PAGES
    desk.look(source)
    assert_whole(desk, site)


@pytest.mark.parametrize("rest", [True, False])
def test_a_busy_site_and_half_pages_are_waited_out(desk: Desk, site: FakeSite, rest: bool) -> None:
    site.rest = rest
    site.trouble = Trouble(busy_every=5, half_every=7)
    desk.look(desk.add())
    site.trouble = Trouble()
    assert_whole(desk, site)
    assert max(desk.slept) >= 1, "as long as Retry-After asks"


def test_a_walk_that_is_cut_off_goes_on_where_it_was(desk: Desk, site: FakeSite) -> None:
    site.rest = False
    source = desk.add()
    assert len(list(islice(desk.sync.run(source.id, NOW), 7))) == 7
    before = site.served_pages
    desk.look(source)
    assert_whole(desk, site)
    assert site.served_pages - before <= 24 - 7, "what is here is not asked for again"


def test_what_stands_behind_a_login_wall_is_refused_with_its_reason(desk: Desk, site: FakeSite) -> None:
    site.rest = False
    site.walled = {3, 9}
    refused = [one for one in desk.look(desk.add()) if one.status == "refused"]
    assert len(refused) == 2 and all(one.reason for one in refused)
    assert len(desk.essays()) == 22


def test_a_post_with_a_password_is_refused(desk: Desk, site: FakeSite) -> None:
    site.posts[4] = replace(site.posts[4], protected=True)
    assert [one.reason for one in desk.look(desk.add()) if one.status == "refused"] == ["這篇有密碼"]


def test_a_paywall_mark_closes_the_essay(desk: Desk, site: FakeSite) -> None:
    site.edit(6, site.posts[6].html + "[membership level='2']<p>付費的部分在這裡，只給會員。</p>[/membership]", NOW)
    desk.look(desk.add())
    assert [essay.title for essay in desk.essays().values() if essay.visibility == Visibility.MEMBERS] == [
        site.posts[6].title
    ]
    assert not any("membership" in essay.body for essay in desk.essays().values())


def test_new_edited_and_removed_posts_are_noticed(desk: Desk, site: FakeSite) -> None:
    source = desk.add(SourceRule.PUBLISH)
    desk.look(source)
    later = NOW + timedelta(hours=6)
    site.posts[25] = make_post(25, later - timedelta(hours=1))
    site.edit(3, "<p>" + "全部改寫過的內文，客戶把訂單往後延了兩季。" * 8 + "</p>", later)
    del site.posts[8]
    statuses = {one.title: one.status for one in desk.look(source, later) if one.status != "unchanged"}
    assert statuses == {
        site.posts[25].title: "added",
        site.posts[3].title: "changed",
        make_post(8, NOW).title: "removed",
    }
    assert desk.news() == 1
    assert "往後延了兩季" in next(e for e in desk.essays().values() if e.title == site.posts[3].title).body


def test_an_old_post_that_turns_up_later_is_no_news(desk: Desk, site: FakeSite) -> None:
    source = desk.add(SourceRule.PUBLISH)
    desk.look(source)
    old = NOW - timedelta(days=400)
    site.posts[30] = replace(make_post(30, old), modified=NOW + timedelta(hours=1))
    assert "added" in {one.status for one in desk.look(source, NOW + timedelta(hours=6))}
    assert desk.news() == 0


def test_new_posts_wait_as_drafts_unless_the_rule_says_otherwise(desk: Desk, site: FakeSite) -> None:
    source = desk.add(SourceRule.DRAFT)
    desk.look(source)
    site.posts[25] = make_post(25, NOW + timedelta(hours=1))
    assert [one.status for one in desk.look(source, NOW + timedelta(hours=6)) if one.title == site.posts[25].title] == [
        "drafted"
    ]
    assert len(desk.essays()) == 24
    from corpus.database import UnitOfWork

    with UnitOfWork(desk.engine) as work:
        (draft,) = Drafts(work).alive()
    assert (draft.user, draft.title) == ("Uowner", site.posts[25].title)
    assert "drafted" not in {one.status for one in desk.look(source, NOW + timedelta(hours=12))}


def test_a_correction_made_here_is_not_overwritten_by_an_edit_there(desk: Desk, site: FakeSite) -> None:
    source = desk.add()
    desk.look(source)
    from corpus.database import UnitOfWork
    from corpus.essay import Audience

    mine = next(essay for essay in desk.essays().values() if essay.title == site.posts[3].title)
    with UnitOfWork(desk.engine) as work:
        desk.archive.library(work, Audience.MEMBER).change(replace(mine, title="我們改過的標題"), NOW, by="Ueditor")
        work.commit()
    site.edit(3, "<p>" + "網站上改寫過的內文，客戶把訂單往後延。" * 8 + "</p>", NOW + timedelta(hours=1))
    assert "drafted" in {one.status for one in desk.look(source, NOW + timedelta(hours=6))}
    assert "我們改過的標題" in {essay.title for essay in desk.essays().values()}


@pytest.mark.parametrize("rest", [True, False])
def test_a_site_that_moves_keeps_its_essays_and_they_follow_it(desk: Desk, site: FakeSite, rest: bool) -> None:
    site.rest = rest
    source = desk.add(SourceRule.PUBLISH)
    desk.look(source)
    with FakeWordPress(replace(site, trouble=Trouble())) as elsewhere:
        site.trouble.moved_to = elsewhere.url
        desk.sync.manners = replace(desk.manners, allowed=allowed_hosts(f"{desk.fake.host},{elsewhere.host}"))
        desk.look(source, NOW + timedelta(hours=6))
        elsewhere.site.posts[25] = make_post(25, NOW + timedelta(hours=7))
        site.trouble = Trouble(is_down=True)
        desk.look(source, NOW + timedelta(hours=12))
        assert set(desk.essays()) == {elsewhere.url.rstrip("/") + post.path for post in site.public()}
    assert len(desk.essays()) == 25
    assert desk.news() == 1


def test_a_site_that_is_down_is_tried_again_with_growing_pauses(desk: Desk, site: FakeSite) -> None:
    source = desk.add()
    desk.look(source)
    site.trouble.is_down = True
    pauses, at = [], NOW
    for _ in range(4):
        with pytest.raises(IntakeError):
            desk.look(source, at)
        with reading(desk.engine) as connection:
            kept = source_store.get(connection, source.id)
        assert kept is not None and kept.problem
        pauses.append(kept.next_at - at)
        at = kept.next_at
    assert pauses == sorted(set(pauses))
    site.trouble.is_down = False
    desk.look(source, at)
    assert len(desk.essays()) == 24


def test_only_hosts_that_the_operator_allows_are_asked(desk: Desk) -> None:
    with pytest.raises(IntakeError):
        discover(desk.fake.url, SourceClient(Manners(sleep=lambda _: None)))


def test_a_weekly_column_under_one_title_stays_many_essays(desk: Desk, site: FakeSite) -> None:
    for number in range(1, 25, 6):
        site.posts[number] = replace(site.posts[number], title="產業週記", html=site.posts[1].html)
    desk.look(desk.add())
    assert len(desk.essays()) == 24


HABITS = {
    "plain addresses": Habits(plain=True),
    "plain addresses and no door": Habits(plain=True, robots="User-agent: *\nDisallow: /?rest_route=\n"),
    "small pages": Habits(most_a_page=50),
    "names elsewhere": Habits(embeds=False),
    "an old WordPress": Habits(knows_modified_after=False),
    "robots may not use the door": Habits(robots="User-agent: *\nDisallow: /wp-json/\n"),
    "another sitemap": Habits(yoast=True, robots="User-agent: *\nDisallow: /wp-json/\n"),
}


@pytest.mark.parametrize("habits", HABITS.values(), ids=HABITS)
def test_a_site_with_other_habits_comes_in_whole_and_is_kept_up(desk: Desk, site: FakeSite, habits: Habits) -> None:
    site.habits = habits
    source = desk.add()
    desk.look(source)
    assert_whole(desk, site)
    later = NOW + timedelta(hours=6)
    site.posts[25] = make_post(25, later - timedelta(hours=1))
    site.edit(3, "<p>" + "全部改寫過的內文，客戶把訂單往後延了兩季。" * 8 + "</p>", later)
    statuses = {one.title: one.status for one in desk.look(source, later) if one.status != "unchanged"}
    assert statuses == {site.posts[25].title: "added", site.posts[3].title: "changed"}
    assert_whole(desk, site)


def test_a_feed_of_teasers_leads_to_the_pages(desk: Desk, site: FakeSite) -> None:
    site.rest = site.sitemap = False
    site.habits = Habits(excerpts=True)
    desk.look(desk.add())
    assert_whole(desk, site)
    assert all("觀察" in essay.body for essay in desk.essays().values())


@pytest.mark.parametrize("rest", [True, False])
def test_a_post_with_a_password_is_refused_by_whatever_door(desk: Desk, site: FakeSite, rest: bool) -> None:
    site.rest = rest
    site.posts[4] = replace(site.posts[4], protected=True)
    assert [one.address for one in desk.look(desk.add()) if one.status == "refused"] == [
        desk.fake.address(site.posts[4])
    ]
    assert len(desk.essays()) == 23


def test_a_site_that_asks_robots_to_stay_away_is_left_alone_unless_it_is_ours(desk: Desk, site: FakeSite) -> None:
    site.habits = Habits(robots="User-agent: *\nDisallow: /\n")
    with pytest.raises(IntakeError, match="robots"):
        desk.add()
    desk.manners = replace(desk.manners, ignores_robots=True)
    assert desk.add().found


def test_an_address_that_leads_elsewhere_is_the_site_where_it_leads(desk: Desk, site: FakeSite) -> None:
    with FakeWordPress(replace(site, trouble=Trouble(moved_to=desk.fake.url))) as bare:
        desk.manners = replace(desk.manners, allowed=allowed_hosts(f"{desk.fake.host},{bare.host}"))
        found = discover(bare.url, SourceClient(desk.manners))
    assert (found.doors.kind, found.doors.home) == (SourceKind.WORDPRESS, desk.fake.url)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'


@pytest.mark.parametrize("data", [BOMB, gzip.compress(b"<urlset>" + b" " * (60 * 2**20))])
def test_bombs_are_not_opened(data: bytes) -> None:
    from corpus.intake.sources.xml_safe import parse_xml

    with pytest.raises(IntakeError):
        parse_xml(data, "https://example.com/sitemap.xml")


def test_moments_are_days_in_taipei() -> None:
    from corpus.intake.sources.post import day_of

    assert str(day_of("2025-03-04T16:00:00Z")) == "2025-03-05"
    assert str(day_of("2025-03-04T23:00:00")) == "2025-03-04"
    assert day_of("0000-00-00T00:00:00") is None
    assert datetime(2025, 3, 4, 16, tzinfo=UTC).astimezone(TAIPEI).day == 5
