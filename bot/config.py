"""Settings from the environment or `.env`: read once, checked all at once, handed on as arguments."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.errors import SettingsError
from corpus.intake.allowed import AllowedHosts, allowed_hosts

if TYPE_CHECKING:  # gunicorn's own process reads settings and needs none of the rest
    from sqlalchemy import URL

    from handlers.club.retention import Retention

USER_ID = re.compile(r"U[0-9a-f]{32}")
STOCK_PAGE = re.compile(r"https://[^\s{}]+\{code\}[^\s{}]*")
OTHER_USER_ID = re.compile(r"U[0-9A-Za-z]{2,}")
PRINTABLE = re.compile(r"[!#-&(-~]+")  # no blank, no quotation mark, nothing beyond ASCII
SECRETS = (
    "line_channel_secret",
    "line_channel_access_token",
    "database_url",
    "redis_url",
    "luopan_metrics_token",
    "luopan_members_secret",
    "luopan_stripe_secret",
    "luopan_ghost_secret",
)
LINE_API = "https://api.line.me"
LIKENESS = 0.85  # least likeness of a name that is set to one of ours, for which it is taken for a slip
_YES, _NO = frozenset({"true", "1", "yes", "on", "y", "t"}), frozenset({"false", "0", "no", "off", "n", "f"})
WEBHOOK_BYTES = 2**20  # of one webhook call
WEBHOOKS_AT_ONCE = 64  # more are answered 503 at once


class FeedText(StrEnum):
    """The part of each public essay that the feed holds."""

    OFF = "off"
    LEAD = "lead"
    WHOLE = "whole"


def _setting(default: Any, says: str, least: int = 0, most: int = sys.maxsize) -> Any:
    """Declare a setting; `least` and `most` bound a number."""
    return field(default=default, metadata={"says": says, "least": least, "most": most})


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default. The table of docs/settings.md is made from this class."""

    line_channel_secret: str = _setting(
        "", "LINE 頻道密鑰（Basic settings → Channel secret）；換密鑰時新舊都給，逗號分隔，新的在前"
    )
    line_channel_access_token: str = _setting("", "LINE 長期存取權杖（Messaging API → Channel access token）")
    line_channel_id: str = _setting(
        "", "LINE 頻道編號（Basic settings → Channel ID）；有它就不用長期權杖，羅盤自己換十五分鐘的短期權杖"
    )
    line_api_base: str = _setting(LINE_API, "LINE API 位址；換成模擬器時媒體檔也走同一位址")
    database_url: str = _setting("sqlite:///var/luopan.db", "資料庫；多台機器用 postgresql+psycopg://…")
    redis_url: str = _setting("", "Redis；空白時對話記憶放在行程內，只跑一個行程")
    luopan_index: str = _setting("", "索引資料夾；預設在 SQLite 檔旁邊")
    public_url: str = _setting("", "對外網址，給閱讀頁連結用，例如 https://bot.example.com")
    port: int = _setting(8000, "網頁行程的埠號", least=1, most=65535)
    luopan_tz: str = _setting("Asia/Taipei", "社群的時區")
    luopan_moderators: str = _setting("", "一開始就是擁有者的 LINE user id，逗號分隔；空白時首次啟動印出認領碼")
    luopan_digest_patience: int = _setting(0, "到期的摘要等多少秒，有人說話就一起送，之後才用推播；0 表示時間到就送")
    luopan_pictures: bool = _setting(True, "閱讀頁要不要顯示文章的圖片（由羅盤代抓，限大小）；false 只留圖說")
    luopan_metrics_token: str = _setting(
        "", "帶這個 Bearer 權杖才看得到 /metrics 與 /readyz；空白時只給本機與內網，不給經過代理的"
    )
    luopan_join: str = _setting(
        "",
        "怎麼加入會員：一句話或網址，遇到會員文章時說（群組一天最多一次），例如 https://example.com/join",
    )
    luopan_review: bool = _setting(
        False,
        "true：自己的草稿不能自己發布，送審後由另一位版主核准（沒有別人時自己再按一次，記下來）；false：版主都能發布",
    )
    luopan_stock_page: str = _setting(
        "", "個股卡片上「看股價」打開的網頁，{code} 換成代號，例如 https://tw.stock.yahoo.com/quote/{code}"
    )
    luopan_members_secret: str = _setting(
        "", "金流平台呼叫 `POST /members` 開通、結束會員時簽名用的密鑰；空白時沒有這個入口"
    )
    luopan_members_list: str = _setting(
        "", "收款平台每天匯出的整份會員名單（CSV 檔的路徑）；檔案更新了，worker 就照它開通與結束"
    )
    luopan_stripe_secret: str = _setting(
        "", "Stripe webhook 的簽名密鑰（whsec_…），指到 `/members/stripe`；空白時沒有這個入口"
    )
    luopan_stripe_plans: str = _setting(
        "", "Stripe 的價格各是哪個方案，例如 price_1=決策者, price_2=members（members 是全部會員）"
    )
    luopan_ghost_secret: str = _setting("", "Ghost webhook 的密鑰，指到 `/members/ghost`；空白時沒有這個入口")
    luopan_ghost_plans: str = _setting("", "Ghost 的會員等級（slug）各是哪個方案，例如 gold=決策者, silver=members")
    luopan_fetch_allow: str = _setting(
        "", "來源可以讀的內部主機，「主機：埠號」逗號分隔，例如 10.0.0.5:8080；空白時只讀公開的網站"
    )
    luopan_keep: str = _setting("", "各種資料留幾天，例如 missed=90, audit=365；其餘照 docs/privacy.md 的預設")
    luopan_feed: FeedText = _setting(  # noqa: RUF009  what it makes is a field
        FeedText.LEAD, "對外的 Atom 訂閱來源放多少：lead 只放開頭、whole 放全文、off 不提供"
    )
    luopan_rate: int = _setting(30, "每人每分鐘可問幾次；0 表示不限")

    @property
    def retention(self) -> Retention:
        from handlers.club.retention import Retention

        return Retention.read(self.luopan_keep)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.luopan_tz)

    @property
    def owners(self) -> tuple[str, ...]:
        return tuple(part for part in self._moderators if self._is_user_id(part))

    @property
    def _moderators(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.luopan_moderators.split(",") if part.strip())

    def _is_user_id(self, text: str) -> bool:
        """Tell whether a text is a user id: LINE's own are U and 32 hexadecimal digits, another platform's less strict."""
        return bool((USER_ID if self.line_api_base == LINE_API else OTHER_USER_ID).fullmatch(text))

    @property
    def fetch_allowed(self) -> AllowedHosts:
        """The private hosts that sources and pasted addresses may be on."""
        return allowed_hosts(self.luopan_fetch_allow)

    @property
    def index_folder(self) -> Path:
        """The index's folder: `LUOPAN_INDEX`, else beside the SQLite file, else `var/index`."""
        if self.luopan_index:
            return Path(self.luopan_index)
        address = self._database
        if address.get_backend_name() == "sqlite" and address.database:
            file = Path(address.database)
            return file.with_name(f"{file.stem}-index")
        return Path("var/index")

    @property
    def _database(self) -> URL:
        from sqlalchemy import make_url

        return make_url(self.database_url)

    @property
    def channel_secrets(self) -> tuple[str, ...]:
        """The secrets that webhooks may be signed with, the present one first: two while it is being changed."""
        return tuple(part for part in self.line_channel_secret.split(",") if part)

    @property
    def backup_folder(self) -> Path:
        """The folder of backups: beside the SQLite file, else `var/backups`."""
        address = self._database
        beside = address.get_backend_name() == "sqlite" and address.database
        return (Path(address.database).parent if beside and address.database else Path("var")) / "backups"

    @property
    def stripe_plans(self) -> dict[str, str]:
        """Prices of Stripe, and the plan that each buys. Raises ValueError."""
        return _pairs(self.luopan_stripe_plans)

    @property
    def ghost_plans(self) -> dict[str, str]:
        """Tiers of Ghost, and the plan that each is. Raises ValueError."""
        return _pairs(self.luopan_ghost_plans)

    def archive_problems(self) -> list[str]:
        """List in plain words what is wrong for commands that only need the archive."""
        from sqlalchemy.exc import ArgumentError

        problems = []
        try:
            backend = self._database.get_backend_name()
            if backend not in ("sqlite", "postgresql"):
                problems.append(f"DATABASE_URL 只支援 sqlite:/// 與 postgresql+psycopg://，收到的是 {backend}")
        except ArgumentError:
            problems.append("DATABASE_URL 看不懂，範例：sqlite:///var/luopan.db")
        try:
            _ = self.fetch_allowed
        except ValueError:
            problems.append("LUOPAN_FETCH_ALLOW 看不懂，範例：127.0.0.1:8080,wiki.lan:80")
        try:
            _ = self.retention
        except ValueError as error:
            problems.append(f"LUOPAN_KEEP 看不懂「{error}」，範例：missed=90, audit=365（quoted 最多 1 天）")
        if self.luopan_stock_page and not STOCK_PAGE.fullmatch(self.luopan_stock_page):
            problems.append(
                "LUOPAN_STOCK_PAGE 要是 https 網址，裡面有 {code}，範例：https://tw.stock.yahoo.com/quote/{code}"
            )
        for name, given in (("STRIPE", self.luopan_stripe_plans), ("GHOST", self.luopan_ghost_plans)):
            try:
                _pairs(given)
            except ValueError as error:
                problems.append(f"LUOPAN_{name}_PLANS 看不懂「{error}」，範例：gold=決策者, silver=members")
        if not _is_time_zone(self.luopan_tz):
            problems.append(f"LUOPAN_TZ 沒有這個時區：{self.luopan_tz}，範例：Asia/Taipei")
        return problems

    def line_problems(self) -> list[str]:
        """List in plain words, all at once, what is wrong for commands that talk to LINE."""
        problems = self.archive_problems()
        if not self.line_channel_secret:
            problems.append(
                "LINE_CHANNEL_SECRET 沒有設定：LINE Developers → 你的頻道 → Basic settings → Channel secret"
            )
        if not self.line_channel_access_token and not self.line_channel_id:
            problems.append(
                "LINE_CHANNEL_ACCESS_TOKEN 沒有設定：LINE Developers → 你的頻道 → Messaging API → Channel access token"
            )
        for name, value in (
            ("LINE_CHANNEL_SECRET", self.line_channel_secret),
            ("LINE_CHANNEL_ACCESS_TOKEN", self.line_channel_access_token),
        ):
            if value and not PRINTABLE.fullmatch(value):
                problems.append(f"{name} 裡有空白、引號或不該有的字：整段重新複製，前後不要留空白")
        for part in self._moderators:
            if not self._is_user_id(part):
                problems.append(
                    f"LUOPAN_MODERATORS 的「{part[:40]}」不是 LINE user id（U 開頭加 32 個十六進位字，不是 LINE ID 或名字）：改掉，或留空用認領碼"
                )
        for name, value in (("LINE_API_BASE", self.line_api_base), ("PUBLIC_URL", self.public_url)):
            if value and not value.startswith(("http://", "https://")):
                problems.append(f"{name} 要以 http:// 或 https:// 開頭，收到的是 {value}")
        if self.redis_url and not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            problems.append("REDIS_URL 要以 redis://、rediss:// 或 unix:// 開頭")
        return problems


def read_settings(**otherwise: Any) -> Settings:
    """Read the settings; `otherwise` holds other defaults. Raises SettingsError naming every value that cannot be read."""
    given = {
        **_from_env_file(),
        **{name.lower(): value for name, value in os.environ.items() if value},
        **_from_files(),
    }
    read, problems = dict(otherwise), []
    for one in fields(Settings):
        if one.name in given:
            try:
                read[one.name] = _value(given[one.name], one)
            except ValueError as error:
                problems.append(f"{one.name.upper()} 的值不對：{error}")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**read)


def unknown_names() -> dict[str, str]:
    """Return the names that are set and are no setting of ours, each with the setting that was likely meant, or ""."""
    ours = [one.name for one in fields(Settings)]
    known = {*ours, *(f"{name}_file" for name in SECRETS)}
    found = {}
    for name in {*_from_env_file(), *map(str.lower, os.environ)} - known:
        meant = next(iter(get_close_matches(name, ours, 1, LIKENESS)), "")
        if meant or name.startswith(("line_", "luopan_")):
            found[name.upper()] = meant.upper()
    return found


def _value(text: str, one: Field[Any]) -> Any:
    """Read a setting's text as the kind of its default. Raises ValueError that says what the text should be."""
    if isinstance(one.default, bool):
        if text.strip().lower() not in _YES | _NO:
            raise ValueError("要是 true 或 false")
        return text.strip().lower() in _YES
    if isinstance(one.default, StrEnum):
        kinds = type(one.default)
        if text not in list(kinds):
            raise ValueError(f"要是 {' 或 '.join(kinds)}")
        return kinds(text)
    if isinstance(one.default, int):
        least, most = one.metadata["least"], one.metadata["most"]
        if not text.strip().isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"要是 {least} 以上的整數" if most == sys.maxsize else f"要是 {least} 到 {most} 的整數")
        return int(text)
    return text


def _from_env_file() -> Mapping[str, str]:
    """Read `.env` of the working folder, where there is one. Raises SettingsError."""
    if not Path(".env").is_file():
        return {}
    from dotenv import dotenv_values

    try:
        given = dotenv_values(".env", encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(".env 不是 UTF-8：用編輯器另存成 UTF-8") from error
    except OSError as error:
        raise SettingsError(".env 讀不到：用服務的使用者執行，或改檔案的權限") from error
    return {name.lower(): value for name, value in given.items() if value}


def _from_files() -> dict[str, Any]:
    """Read secrets from files, as container platforms hand them out: LINE_CHANNEL_SECRET_FILE=/run/secrets/line.

    Raises SettingsError for a file that cannot be read.
    """
    found, problems = {}, []
    for name in SECRETS:
        path = os.environ.get(f"{name.upper()}_FILE")
        if not path:
            continue
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name.upper()}_FILE 讀不到：{path}（{type(error).__name__}）")
    if problems:
        raise SettingsError("\n".join(problems))
    return found


def setting_rows() -> list[tuple[str, str, str]]:
    """List (name, default, meaning) of every setting, for the table of docs/settings.md."""
    return [(one.name.upper(), str(one.default), one.metadata["says"]) for one in fields(Settings)]


def _pairs(text: str) -> dict[str, str]:
    """Read 「gold=決策者, silver=members」 as a mapping. Raises ValueError with the first part that is no pair."""
    found = {}
    for part in filter(str.strip, text.split(",")):
        name, _, plan = (piece.strip() for piece in part.partition("="))
        if not (name and plan):
            raise ValueError(part.strip())
        found[name] = plan
    return found


def _is_time_zone(name: str) -> bool:
    """Tell whether the system knows a time zone of this name, without reading all of them."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
