"""Words people use to talk about the bot itself: what it sends, when, to whom, and how it is to be used."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from itertools import product

from corpus.language.text import fold, to_halfwidth
from handlers.text.empty_words import ENGLISH, GRAMMAR, any_of
from handlers.text.topics import TopicWords

LONGEST = 40
SHORTEST_CLAUSE = 3  # characters of one that may be about us, whatever the others say


class BotTopic(StrEnum):
    """The topics of talk about the bot."""

    MINE = "mine"
    WATCHED = "watched"
    OPENED = "opened"
    LEAVE = "leave"
    TRUST = "trust"
    SUMMARY = "summary"
    COMPLAINT = "complaint"
    QUIET = "quiet"
    STOP = "stop"
    PAUSE = "pause"
    GROUP = "group"
    EDITOR = "editor"
    UNDO = "undo"
    ALERT = "alert"
    MEMBER = "member"
    PRIVACY = "privacy"
    SAVED = "saved"
    WATCH = "watch"
    SUBSCRIBE = "subscribe"
    TIME = "time"
    TODAY = "today"
    WEEK = "week"
    NEW_ESSAYS = "new essays"
    THEMES = "themes"
    HELP = "help"


_NO_MORE = " ".join(
    f"{no}{again}{sent}"
    for no, again, sent in product(
        ("不要", "別", "不用", "不想", "不必"), ("", "再", "一直"), ("傳", "送", "寄", "發", "推", "收", "吵", "打擾")
    )
)  # 不要再傳
_SLIPPED = " ".join(f"{did}錯" for did in "按打點訂選送")  # 訂錯了
_FAILS = " ".join(
    f"{did}不{end}"
    for did in ("點", "打", "連", "進", "載", "跑")
    for end in ("開", "了", "上", "進去", "出來", "到", "動")
)
_KEPT_WHICH = " ".join(f"{kept}{which}" for kept in ("存", "收", "收藏") for which in ("了哪", "哪", "了什麼", "什麼"))
# In the order in which they are tried: a line that wants no more digests may hold 訂閱, too.
_CHINESE = {
    BotTopic.MINE: "沒收到 收不到 沒有收到 沒傳 沒送 沒發來 沒寄 訂了什麼 訂了哪些 訂了啥 訂了幾個 訂閱了什麼 訂閱了哪些 訂閱了幾個 "
    "訂閱狀態 "
    "目前訂閱 訂什麼 訂哪些 收到什麼 收到哪些 送什麼 傳什麼",
    BotTopic.WATCHED: "追蹤了什麼 追蹤了哪些 追蹤哪些 追蹤什麼 追了哪些 追了什麼 追哪些",
    BotTopic.OPENED: "看過哪些 看過什麼 讀過哪些 讀過什麼 看了哪些 看過幾篇 看的那篇 讀的那篇",
    BotTopic.LEAVE: "退出群組 退出群 退群 離開群組 離開這個群 退出去 滾出去 叫你離開 叫你走 請你離開 請你走 趕你走 踢你 把你踢",
    BotTopic.TRUST: "文章誰寫 文章是誰寫 誰寫的文章 資料是誰 誰給的 哪來的 來源 版權 被騙 資料哪裡來 資料從哪 哪裡來的 可以相信 "
    "能相信 可信 相信你 騙我 騙人 唬爛 準嗎 正確嗎 "
    "準不準 可靠",
    BotTopic.SUMMARY: "講重點 說重點 重點就好 總結 結論 太長 三句話 懶人包 太多字 字太多 字好多 懶得看 懶得讀 濃縮 簡單說 白話 短一點",
    BotTopic.COMPLAINT: f"{_FAILS} 白癡 騙子 答非所問 爛死 壞了 壞掉 好爛 很爛 太爛 爛透了 爛 "
    "難用 不好用 不能用 好笨 很笨 太笨 笨死了 笨蛋 笨 白痴 "
    "智障 沒用 好慢 很慢 太慢 夠慢 不準 亂答 亂回 亂講 答錯 當機 當掉 沒反應 不會動 廢物 廢 垃圾 氣死",
    BotTopic.QUIET: "勿擾 半夜 睡覺 不要吵醒 深夜",
    BotTopic.STOP: f"{_NO_MORE} 全退 退掉 一樣的東西 重複的 靜音 都不要 退出 離開 少一點 少傳 安靜 退訂 不訂 不想訂 取消訂閱 解除訂閱 "
    "閉嘴 停止 停掉 停用 關掉 關閉 太吵 很吵 好吵 太多 太頻繁",
    BotTopic.PAUSE: "繼續傳 繼續送 繼續發 重新傳 重新送 暫停 先停 停一陣子 停 休息 放假 出國 休假",
    BotTopic.GROUP: "加到群組 加進群組 加入群組 拉到群組 拉進群組 邀進群組 群組用 群組可以用 群組裡用 怎麼叫你 加你 拉你",
    BotTopic.EDITOR: "當作者 成為作者 當編輯 變編輯 誰在管 誰管 錯字 有錯 像錯 寫錯 文章很 寫得 投稿 客服 電話 聯絡 聯繫 管理員 "
    "管理者 版主 編輯 "
    "小編 站長 真人 專人 客訴 投訴 "
    "檢舉 回報 意見 建議 "
    "反應",
    BotTopic.UNDO: f"{_SLIPPED} 取消 撤銷 復原 按到 改回來 改回去",
    BotTopic.ALERT: "通知 提醒 推播",
    BotTopic.MEMBER: "年費 月費 優惠 折扣 碼打 碼不對 碼錯 碼無效 扣錢 付錢 收錢 退錢 付完 發票 收據 年繳 月繳 方案 續約 到期日 匯款 "
    "轉帳 付款 繳費 刷卡 要錢 多少錢 免費 收費 費用 一組碼 "
    "有碼 會員 付費 開通 資格 續費 "
    "到期 入會 會費 退費 退款",
    BotTopic.PRIVACY: "被看到 給別人看 別人看 帳號 盜 密碼 登入 註冊 帳密 外洩 洩漏 偷看 監視 竊聽 詐騙 隱私 隱私權 個資 我是誰 "
    "我的身分 我的身份 "
    "我的權限 資料 紀錄 "
    "記錄 刪除 刪掉 存了什麼",
    BotTopic.SAVED: f"{_KEPT_WHICH} 存的文章 收的文章 剛收的 收的那篇 存的那篇 收過的 存過的 收藏 收藏夾 書籤 存起來 匯出 下載",
    BotTopic.WATCH: "追了 追哪 追蹤 自選 自選股 觀察名單",
    BotTopic.SUBSCRIBE: "訂閱 訂了 訂 摘要 日報 早報",
    BotTopic.TIME: "假日 週末 周末 星期六 星期日 六日 會來 再送 再傳 再推 才送 才傳 小時送 小時傳 時間 幾點 什麼時候送 "
    "什麼時候傳 何時 時段 早一點 晚一點 太早 太晚 那麼早 那麼晚 這麼早 這麼晚 改成 改到 改為 每天 每日 每週 每周 平日 早上 "
    "上午 中午 下午 晚上",
    BotTopic.TODAY: "今天重點 今日重點 今天的重點 今天有 今天的文章 今日有 今日文章 今天寫 今天新",
    BotTopic.WEEK: "這週有 這周有 本週有 本周有 這禮拜有 這星期有 這週的文章 這周的文章 這禮拜的文章 本週文章 本周文章 這週寫",
    BotTopic.NEW_ESSAYS: "新的 新文 最新 有什麼新 有啥新 哪些文章 什麼文章 有文章 更新 熱門 隨便 幾篇文章 多少文章 大家都在看 最舊 "
    "推薦一篇 "
    "推薦哪 推薦我看 推薦看 "
    "推薦幾篇 推薦文章 來一篇 最近寫 最近有什麼 最近有哪些 最近的文章",
    BotTopic.THEMES: "主題 類別 分類 題材",
    BotTopic.HELP: "可以問 能問 要問 問什麼 主選單 新手 看不懂 聽不懂 看嘸 霧煞煞 怎麼用 如何用 怎麼使用 如何使用 使用方法 使用方式 "
    "使用教學 "
    "用法 教學 指令 功能 按鈕 選單 講中文 說中文 看不完 說明 說明書 手冊 字太小 字很小 放大 字體 朗讀 念給 唸給 用講的 "
    "語音 幫助 介紹 你會什麼 可以做什麼 會做什麼 能做什麼 能幹嘛 可以幹嘛 會幹嘛 你是什麼",
}  # fmt: skip
_ENGLISH = {
    BotTopic.LEAVE: "leave the group, leave this group, leave group",
    BotTopic.MINE: "what did i subscribe to",
    BotTopic.WATCHED: "my watchlist",
    BotTopic.OPENED: "what have i read",
    BotTopic.COMPLAINT: "bug, broken, sucks, useless, stupid, dumb, terrible, wrong, not working",
    BotTopic.STOP: "too many messages, too many, unsubscribe, unsubscribed, stop, quit, leave me alone, opt out",
    BotTopic.PAUSE: "vacation, holiday, pause, snooze, mute",
    BotTopic.QUIET: "at night, night, do not disturb, quiet hours",
    BotTopic.UNDO: "undo, cancel",
    BotTopic.ALERT: "notify, notification, notifications, alert, alerts, remind",
    BotTopic.MEMBER: "free, paid, cost, price of this, membership, member, premium",
    BotTopic.PRIVACY: "safe, privacy, data, delete, know about me",
    BotTopic.EDITOR: "typo, mistake, contact, support, human, admin, editor, phone, email",
    BotTopic.SAVED: "did i save, i saved, bookmarked, saved, bookmarks, bookmark",
    BotTopic.WATCH: "watchlist, watch, follow",
    BotTopic.SUBSCRIBE: "updates, subscriptions, subscription, subscribe, subscribed, digest, digests, newsletter",
    BotTopic.TIME: "send it, how often, delivery time, weekdays, weekends, weekend, make it, earlier, later, every day, daily, "
    "every morning, "
    "what time, schedule",
    BotTopic.TODAY: "today, today's",
    BotTopic.WEEK: "this week",
    BotTopic.NEW_ESSAYS: "what's new, whats new, new essays, new articles, latest, recent articles",
    BotTopic.THEMES: "themes, topics, categories",
    BotTopic.GROUP: "in a group, add you, to a group",
    BotTopic.TRUST: "source, sources, copyright, copyrighted, who runs, trust, reliable, where is this from, your sources",
    BotTopic.SUMMARY: "summarize, summarise, tl;dr, summary",
    BotTopic.HELP: "what do you do, anyone there, how do i use, use this, english, help, commands, command, menu, manual, usage, "
    "how to use, "
    "what can you do, how "
    "does this work, how do you work, what can i do",
}
# Words for what is done with messages and settings, and when.
_HANDLING = """
羅盤 機器人 怎 麼 關 話 instead delivery bot 新 舊 全部 所有 每 個 次 則 篇 條 天 週 月 年 收 收到 收不到 接收 傳 送 發 寄 找 告訴 弄 做 設
設定 設置 調 調整 改 更改 修改 變更 換 換成 變 開 開啟 打開 打 按 點 點選 加 加入 新增 刪 移除 取得 拿 申請 辦 查 查詢 清單 列表 名單 內容
訊息 東西 文章 essay essays article articles
新聞 服務 帳號 方式 方法 地方 號碼 碼 狀態 問題 摘 群組 群 group line 試試 試 回 回答 回覆 點半 半 分 零 一 二 兩 三 四 五 六 七 八
九 十 百 號 星期 禮拜 晚 版 時候 送來 傳來 起來 掉 完 費用 錢 免費 期限 資訊 want need like get give send sending sent receive receiving
message messages show tell see list change set turn anymore longer them keep getting here today up-to-date use using talk speak make every
day daily morning time times
"""


def _words(topic: BotTopic) -> list[str]:
    return [*_CHINESE[topic].split(), *_ENGLISH[topic].split(", ")]


_EMPTY_WORDS = [*GRAMMAR.split(), *ENGLISH.split(), *_HANDLING.split()]
_TOPICS = TopicWords({topic: _words(topic) for topic in BotTopic}, _EMPTY_WORDS)
EVERY_WORD = _TOPICS.words
_EMPTY = frozenset(_EMPTY_WORDS)
_SAID = re.compile(rf"{any_of(EVERY_WORD)}|[\s:.,、。!?~]+", re.IGNORECASE)
_ELSEWHERE = re.compile(
    "說明會|資料[中庫]|are you (?:an? )?(?:ai|bot|human|robot)", re.IGNORECASE
)  # ours within other words
_OWN = re.compile(any_of(EVERY_WORD))


# What becomes of what is one's own, after something that happened to oneself: 「我換手機了會員還在嗎」, 「換平板看得到我的收藏嗎」.
_HAPPENED = r"(?P<after>|.{0,12}(?:[我換]|手機|平板|電腦|帳號|門號|line|app|封鎖|刪|重[灌裝新]|登出|家人|小孩|朋友|別人|個人|[他她]).{0,12}?)"
_WHETHER = r"(?:會不會|是不是|可不可以|能不能|可以|怎麼|資格|清單|東西|[都還會能也就要的我幫再]|\s)*"
_OWN_THING = r"(?P<own>訂閱|收藏|會員|自選|追蹤|通知|摘要|紀錄|記錄|資料)"
_STILL = (
    r"(?:在|有|用|重新加入|重新訂|重新買|重來|不見|消失|跑掉|失效|有效|延續|沿用|(?:一起)?轉(?:過[去來]|移)|[移搬]過[去來]|保留|留著|跟著(?:走|換|過[去來])|同步|備份|[找拿救]得?回來?"
    r"|(?:一起|共)用|[看找收]得到|[看找收]不到)"
)
_FATES = tuple(
    re.compile(rf"{_HAPPENED}{_WHETHER}{said}(?:了|嗎|呢|吧|[?\s])*")
    for said in (rf"{_OWN_THING}{_WHETHER}{_STILL}", rf"{_STILL}{_WHETHER}{_OWN_THING}")
)
_ASKED = re.compile("[嗎呢?]|會不會|可不可以|能不能")


@lru_cache(maxsize=2048)
def fate_asked(text: str) -> BotTopic | None:
    """Return the topic of a question about what becomes of what is the asker's own; None for any other line."""
    said = to_halfwidth(text).strip().lower()
    if len(said) > LONGEST or not _ASKED.search(said):
        return None
    found = next((found for form in _FATES if (found := form.fullmatch(said))), None)
    return _TOPICS.spoken_of(found["own"]) if found else None


@lru_cache(maxsize=512)
def without_empty_words(text: str) -> str:
    """Return a line without its empty words: 「發文」 of 「請問要怎麼發文」; 會員 is a word of ours, and its 會 is none."""

    def kept(said: re.Match[str]) -> str:
        word = said.group().lower()
        return "" if word in _EMPTY or not word[0].isalnum() else said.group()

    return _SAID.sub(kept, to_halfwidth(text)).strip()


@lru_cache(maxsize=1)
def own_words() -> frozenset[str]:
    """Return our words and the empty ones, folded, as the words of a question are."""
    return frozenset(fold("\n".join(EVERY_WORD)).split("\n"))


def without_own_words(text: str) -> str:
    """Return a line without our words and empty ones."""
    return _OWN.sub(" ", to_halfwidth(text).lower())


@lru_cache(maxsize=2048)
def bot_topic(text: str) -> BotTopic | None:
    """Return the topic of a line that speaks of the bot and of nothing else; None for every other line."""
    said = to_halfwidth(text).strip()
    return None if len(said) > LONGEST or _ELSEWHERE.search(said) else _TOPICS.topic(said)


def clause_topic(clause: str) -> BotTopic | None:
    """Return the topic of a clause that speaks of the bot, whatever the others of its line say: 「編輯在嗎 文章數字怪怪的」."""
    return bot_topic(clause) if len(clause) >= SHORTEST_CLAUSE else None


def is_english(text: str) -> bool:
    """Tell whether a line is a sentence of Latin words, and holds no Chinese: not 「CPO HBM」."""
    words = re.findall(r"(?<!\S)[A-Za-z']{2,}", text)
    return len(words) >= 2 and not all(map(str.isupper, words)) and re.search(r"[㐀-鿿]", text) is None
