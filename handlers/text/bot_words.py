"""Words people use to talk about the bot itself: what it sends, when, to whom, and how it is to be used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from corpus.language.text import fold, to_halfwidth

LONGEST = 40


class BotTopic(StrEnum):
    """What somebody wants of the bot, or from whom."""

    MINE = "mine"
    WATCHED = "watched"
    OPENED = "opened"
    GROUP = "group"
    TRUST = "trust"
    SUMMARY = "summary"
    COMPLAINT = "complaint"
    STOP = "stop"
    PAUSE = "pause"
    QUIET = "quiet"
    UNDO = "undo"
    ALERT = "alert"
    MEMBER = "member"
    PRIVACY = "privacy"
    EDITOR = "editor"
    SAVED = "saved"
    WATCH = "watch"
    SUBSCRIBE = "subscribe"
    TIME = "time"
    TODAY = "today"
    WEEK = "week"
    NEW_ESSAYS = "new essays"
    THEMES = "themes"
    HELP = "help"


# In the order in which they are tried: who wants no more digests may well say 訂閱, too.
_CHINESE = {
    BotTopic.MINE: "訂了什麼 訂了哪些 訂了啥 訂了幾個 訂閱了什麼 訂閱了哪些 訂閱了幾個 訂閱狀態 目前訂閱 訂什麼 訂哪些",
    BotTopic.WATCHED: "追蹤了什麼 追蹤了哪些 追蹤哪些 追蹤什麼 追了哪些 追了什麼 追哪些",
    BotTopic.OPENED: "看過哪些 看過什麼 讀過哪些 讀過什麼 看了哪些 看過幾篇",
    BotTopic.GROUP: "加到群組 加進群組 加入群組 拉到群組 拉進群組 邀進群組 群組用 群組可以用 群組裡用 怎麼叫你 怎麼加你 加你 拉你",
    BotTopic.TRUST: "被騙 資料來源 資料哪裡來 資料從哪 哪裡來的 可以相信 能相信 可信 相信你 騙我 騙人 唬爛 準嗎 正確嗎 準不準 可靠",
    BotTopic.SUMMARY: "講重點 說重點 重點就好 總結 結論 太長 三句話 懶人包 濃縮 簡單說 白話 短一點",
    BotTopic.COMPLAINT: "閉嘴 白癡 騙子 爛東西 答非所問 爛死 壞了 壞掉了 壞掉 好爛 很爛 太爛 爛透了 爛死了 爛 難用 不好用 不能用 "
    "好笨 很笨 太笨 笨死了 笨蛋 笨 白痴 "
    "智障 沒用 不準 很不準 亂答 亂回 亂講 答錯 當機 當掉 沒反應 不會動 廢物 廢 垃圾 氣死",
    BotTopic.STOP: "靜音 不要再寄 別再寄 不要寄 別寄 都不要 退出 離開 少一點 少傳 安靜 退訂 不訂 不想訂 取消訂閱 解除訂閱 "
    "停止訂閱 不要再傳 別再傳 不要傳 別傳 不要再送 別再送 不要送 別送 "
    "不想收到 不想再收到 不想收 不要收到 不要收 不要再發 別再發 不要發 別發 不要一直傳 不要一直發 別一直傳 停止 "
    "停掉 停用 關掉 關閉 太吵 很吵 好吵 別吵 不要吵 太多 太頻繁 不用再傳 不用傳 不用再送 不要打擾 不要再打擾",
    BotTopic.PAUSE: "繼續傳 繼續送 繼續發 重新傳 重新送 暫停 先停 停一下 停幾天 停一陣子 停一個禮拜 停一週 停 休息 放假 出國 休假",
    BotTopic.QUIET: "勿擾 半夜 睡覺 不要吵醒 深夜",
    BotTopic.UNDO: "取消 撤銷 復原 按錯 打錯 按到",
    BotTopic.ALERT: "通知 提醒 推播",
    BotTopic.MEMBER: "方案 續約 到期日 匯款 轉帳 付款 繳費 刷卡 要錢 多少錢 免費 收費 費用 一組碼 有碼 會員 付費 開通碼 開通 資格 "
    "續費 到期 加入會員 入會 會費 退費 退款",
    BotTopic.PRIVACY: "密碼 登入 註冊 帳密 外洩 洩漏 偷看 監視 竊聽 詐騙 隱私 隱私權 個資 我是誰 我的身分 我的身份 我的權限 "
    "我的資料 資料 紀錄 記錄 刪除 刪掉 存了什麼",
    BotTopic.EDITOR: "文章很 寫得 投稿 客服 電話 聯絡 聯繫 管理員 管理者 版主 編輯 小編 站長 真人 專人 客訴 投訴 檢舉 回報 意見 建議 "
    "反應",
    BotTopic.SAVED: "收藏 收藏夾 書籤 存起來 匯出 下載",
    BotTopic.WATCH: "追了 追哪 追蹤 自選 自選股 觀察名單",
    BotTopic.SUBSCRIBE: "訂閱 訂了 訂 摘要 日報 早報",
    BotTopic.TIME: "假日 週末 周末 星期六日 星期六 星期日 六日 開盤前送 開盤前傳 收盤後送 收盤後傳 收盤後再送 收盤後再傳 會來 "
    "時間 幾點 什麼時候送 什麼時候傳 何時 時段 "
    "早一點 晚一點 太早 太晚 那麼早 那麼晚 這麼早 這麼晚 "
    "改成 改到 改為 每天 每日 每週 每周 平日 週末 早上 上午 中午 下午 晚上",
    BotTopic.TODAY: "今天有 今天的文章 今日有 今日文章 今天寫 今天新",
    BotTopic.WEEK: "這週有 這周有 本週有 本周有 這禮拜有 這星期有 這週的文章 這周的文章 這禮拜的文章 本週文章 本周文章 這週寫",
    BotTopic.NEW_ESSAYS: "新的 新文 新文章 最新 有什麼新 有啥新 哪些文章 什麼文章 有文章 更新 熱門 隨便 幾篇文章 多少文章 "
    "大家都在看 最舊 推薦一篇 推薦幾篇 推薦文章 隨便一篇 "
    "隨便來一篇 來一篇 最近寫 最近有什麼 最近有哪些 最近的文章",
    BotTopic.THEMES: "主題 類別 分類 題材",
    BotTopic.HELP: "可以問 能問 要問 問什麼 主選單 新手 看不懂 聽不懂 看嘸 霧煞煞 "
    "怎麼用 如何用 怎麼使用 如何使用 使用方法 使用方式 使用教學 用法 教學 指令 功能 按鈕 選單 講中文 說中文 看不完 太多字 說明 "
    "說明書 手冊 字太小 字很小 放大 "
    "字體 朗讀 念給 唸給 用講的 語音 "
    "幫助 介紹 你會什麼 你會做什麼 你能做什麼 可以做什麼 會做什麼 能做什麼 能幹嘛 可以幹嘛 會幹嘛 你是什麼",
}  # fmt: skip
_ENGLISH = {
    BotTopic.MINE: "what did i subscribe to",
    BotTopic.WATCHED: "my watchlist",
    BotTopic.OPENED: "what have i read",
    BotTopic.COMPLAINT: "bug, broken, sucks, useless, stupid, dumb, terrible, wrong, not working",
    BotTopic.STOP: "too many messages, too many, unsubscribe, unsubscribed, stop, quit, leave me alone, opt out",
    BotTopic.PAUSE: "pause, snooze, mute",
    BotTopic.QUIET: "do not disturb, quiet hours",
    BotTopic.UNDO: "undo, cancel",
    BotTopic.ALERT: "notify, notification, notifications, alert, alerts, remind",
    BotTopic.MEMBER: "membership, member, premium",
    BotTopic.PRIVACY: "privacy, data, delete, know about me",
    BotTopic.EDITOR: "contact, support, human, admin, editor, phone, email",
    BotTopic.SAVED: "saved, bookmarks, bookmark",
    BotTopic.WATCH: "watchlist, watch, follow",
    BotTopic.SUBSCRIBE: "subscriptions, subscription, subscribe, subscribed, digest, digests, newsletter",
    BotTopic.TIME: "what time, schedule",
    BotTopic.TODAY: "today, today's",
    BotTopic.WEEK: "this week",
    BotTopic.NEW_ESSAYS: "what's new, whats new, new essays, new articles, latest, recent articles",
    BotTopic.THEMES: "themes, topics, categories",
    BotTopic.GROUP: "in a group, add you, to a group",
    BotTopic.TRUST: "trust, reliable, where is this from, your sources",
    BotTopic.SUMMARY: "summarize, summarise, tl;dr, summary",
    BotTopic.HELP: "help, commands, command, menu, manual, usage, how to use, what can you do, how "
    "does this work, how do you work, what can i do",
}
_FILLERS = """
我 你 妳 您 他 她 我們 你們 大家 羅盤 機器人 bot 這個 那個 這 那 它 自己 可以 可不可以 能 能不能 能否 要 要不要 想 想要 需要 會
會不會 是 是不是 有 有沒有 沒 沒有 不 不要 不用 不想 別 再 又 還 也 都 就 才 先 後 了 的 得 地 嗎 呢 吧 啊 呀 喔 哦 啦 欸 嘛 耶
嗨 請 請問 拜託 麻煩 謝謝 幫 幫我 幫忙 給 給我 跟 和 與 在 從 到 把 被 讓 叫 用 怎麼 如何 怎樣 什麼 甚麼 哪裡 哪邊 哪 誰 為什麼
為何 多久 多少 幾 一直 一下 一點 一次 以後 之後 現在 今天 明天 已經 目前 最近 新 舊 全部 所有 每 個 次 則 篇 條 天 週 月 年 收
收到 收不到 接收 傳 送 發 寄 看 看到 看不到 找 問 說 講 告訴 知道 弄 做 設 設定 設置 調 調整 改 更改 修改 變更 換 換成 變 開
開啟 打開 打 按 點 點選 加 加入 新增 刪 移除 取得 拿 申請 辦 查 查詢 清單 列表 名單 內容 訊息 東西 文章 新聞 服務 帳號 方式 方法
地方 號碼 碼 狀態 問題 好 好像 真的 很 太 超 非常 有點 應該 怎 麼 啥 摘 每則 群組 群 這裡 這邊 line 試試 試 回 回答 回覆 早安
你好 哈囉 幫幫 忙 還是 或 或是 如果 點半 半 分 整 零 一 二 兩 三 四 五 六 七 八 九 十 百 號 星期 禮拜 以前 之前 晚 早 時候 送來
傳來 過來 起來 出來 下去 進來 人 家 啊啊 老是 常常 總是 幹嘛 干嘛 算了 掉 完 錯 成 為 於 費用 錢 免費 期限 資訊 i i'm i'd me my
mine you your we our it its this that these those do does did don't dont doesn't can could can't cannot would will how what when
where who why which is are am be was to the a an any some all of for from in on at by with about please pls want need like get
got give send sending sent receive receiving message messages show tell see list change set turn off up more no not anymore
longer me? them and or so much too just keep getting hi hello hey thanks thank there have has had here now today up-to-date use
using talk speak make go stop? every day daily morning 關 話 哪些 有哪些 time times 可以關 大概 直接 收不 沒收 哪天 那些 這些
所以 句 話 新來 人家 一堆 每次 才能 吵醒 人家 搞 用不到 太太
"""


def _pattern(words: Iterable[str]) -> str:
    """Any of the words, the longest first; a Latin one ends where its letters end."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(rf"(?<![a-z]){re.escape(w)}(?![a-z])" if w.isascii() else re.escape(w) for w in longest_first)


def _words(topic: BotTopic) -> list[str]:
    return [*_CHINESE[topic].split(), *_ENGLISH[topic].split(", ")]


_PATTERNS = {topic: re.compile(_pattern(_words(topic))) for topic in BotTopic}
_EVERY_WORD = [*chain.from_iterable(map(_words, BotTopic)), *_FILLERS.split()]
_EMPTY = re.compile(rf"{_pattern(_FILLERS.split())}|[\s:.,、。!?~]+", re.IGNORECASE)
_ELSEWHERE = re.compile(
    "說明會|資料[中庫]|are you (?:an? )?(?:ai|bot|human|robot)", re.IGNORECASE
)  # ours within other words
_COVERED = re.compile(rf"(?:{_pattern(_EVERY_WORD)}|(?<!\d)\d{{1,2}}(?!\d)|[\s:.,、。!?~'’\-]+)+")


@lru_cache(maxsize=2048)
def spoken_of(text: str) -> BotTopic | None:
    """The topic of which a line holds a word, whatever else it says: for lines that ask nothing of the archive."""
    said = to_halfwidth(text).strip().lower()
    return next((topic for topic, pattern in _PATTERNS.items() if pattern.search(said)), None)


@lru_cache(maxsize=512)
def without_empty_words(text: str) -> str:
    """What a line says beside empty words: 「發文」 of 「請問要怎麼發文」."""
    return _EMPTY.sub("", to_halfwidth(text)).strip()


@lru_cache(maxsize=1)
def own_words() -> frozenset[str]:
    """Our words and the empty ones, folded, as the words of a question are."""
    return frozenset(fold("\n".join(_EVERY_WORD)).split("\n"))


@lru_cache(maxsize=2048)
def bot_topic(text: str) -> BotTopic | None:
    """What a line that speaks of the bot and of nothing else is about; None for every other line.

    Every word of it must be one of ours or an empty one: 「訂閱制的商業模式」 is a question for the archive.
    """
    said = to_halfwidth(text).strip().lower()
    if not said or len(said) > LONGEST or _ELSEWHERE.search(said) or _COVERED.fullmatch(said) is None:
        return None
    return next((topic for topic, pattern in _PATTERNS.items() if pattern.search(said)), None)


def is_english(text: str) -> bool:
    """Whether a line is a sentence of Latin words, and holds no Chinese."""
    return len(re.findall(r"(?<!\S)[A-Za-z']{2,}", text)) >= 2 and re.search(r"[㐀-鿿]", text) is None
