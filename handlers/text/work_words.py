"""Words editors use to talk about their work: what is written, published, sent and read, and by whom."""

from __future__ import annotations

import re
from functools import lru_cache

from handlers.ask import Ask
from handlers.identity import Role
from handlers.text.bot_words import EVERY_WORD
from handlers.text.topics import TopicWords
from handlers.verb import Verb

LONGEST = 24

# In the order in which they are tried: a line about whom to let write holds 發文, too.
WORK_WORDS = {
    Verb.APPROVE: "權限怎麼給 給…權限 開…權限 新增編輯 加編輯 加…編輯 多一個編輯 讓…發文 讓…上稿 讓…編輯 幫忙編輯 升…版主 當版主 核准",
    Verb.DISMISS: "解任 可以發布 能發布 誰是版主 誰是編輯 版主有誰 編輯有誰 有哪些編輯 移除編輯 拿掉…權限 收回…權限 管理名單",
    Verb.ERASE_PERSON: "刪除個人資料 刪個人資料 刪掉…資料 刪除…資料 刪…個資 要求刪",
    Verb.EDITORS_WEEK: "多少人看 幾個人看 有人看 誰在看 誰看 人在看 讀者反應 成效 點閱 觸及 流量 發了幾篇 多少人訂 幾個人訂 有人訂 訂閱的人 "
    "訂閱人數 訂閱數 大家訂 讀者訂 加好友 好友數 好友有 多少好友 幾個好友 大家…看什麼 大家…問了什麼",
    Verb.ADMIN_SITE: "後台 會員名單 會員清單 會員人數 會員有幾 會員有多少 幾個會員 多少會員 幾位會員 哪些會員 誰是會員 誰…會員 加會員 "
    "加一個會員 加…會員 新增會員 管理會員 付費的有 付費會員 付費的人 多少人付費 幾個人付費 誰付費 開通碼…產生 產生…開通碼 做…開通碼 "
    "發…開通碼 開通碼…做 給…開通碼",
    Verb.GAPS: "沒答到 在問 問了什麼 問的問題 問什麼 問啥 查不到 沒回答 沒被回答 沒人回答 最多人問 哪題 留言 答不出來 找不到什麼",
    Verb.QUOTA: "額度 推播花 推播用 推播剩 推播還剩 推幾則 推了幾 推幾次 幾則可以推 剩幾則 還能推 則數",
    Verb.CALENDAR: "行事曆 排程清單 要發的 要發哪 要發什麼 要上什麼 排了哪 排了什麼 排好 什麼時候發 還沒發的 待發",
    Verb.CANCEL: "發錯 推錯 收回推播 取消推播 取消發布 取消發佈 反悔 按錯發布",
    Verb.WITHDRAW: "下架 撤回 撤下 撤掉 收回",
    Verb.RESTORE: "重新上架 放回去上架 再上架",
    Verb.CORRECT: "更正 錯字 打錯字 標題打錯 標題寫錯 改標題 改內文 改內容 修改文章 數字寫錯 數字錯 字錯 寫錯 打錯 改錯",
    Verb.REVISIONS: "修改紀錄 誰改的 誰改過 改了什麼 改過什麼",
    Verb.REVERT: "還原 上一個版本 上一版 舊版 舊的版本 前一版 換回 改回原本",
    Verb.SEND_BACK: "退回 退稿",
    Verb.SUBMIT: "送審 審稿 請…審",
    Verb.TRIAL: "試送 先寄給我 先送給我 先傳給我 寄給我看 送給我看 傳給我看 測試推播",
    Verb.PREVIEW: "預覽 長怎樣 長什麼樣 看起來 先看一下 給我看看",
    Verb.MEMBERS_ONLY: "會員專屬 給會員看 會員才能看 會員才看 會員限定 鎖起來 只給會員 限會員",
    Verb.PUBLIC: "公開 所有人看 大家都能看 免費看 改成免費 改免費 變免費 解鎖 開放",
    Verb.SCHEDULE: "排程 排到 排在 定時 預約 自動上架 自動上 自動發",
    Verb.BROADCAST: "推播 推給大家 推給所有人 發給大家 通知大家 通知所有人 群發",
    Verb.DRAFTS: "草稿",
    Verb.SYNONYM: "同義詞 同義字 幫…同義詞 把…同義詞",
    Verb.ALIAS: "別名 幫…別名 給…別名 把…別名",
    Verb.NEW_THEME: "新增主題 加主題 加一個主題 多一個主題 新主題",
    Verb.NEW_WORDS: "新詞 沒見過的詞",
    Verb.SOURCE: "來源 網站 自動收 收進來 自動抓 抓文章 部落格 rss",
    Verb.PUBLISH: "發布 發佈 上架 發出去 上線",
    Verb.POST: "發文 貼文 上稿 貼文章 貼一篇 貼新文章 寫一篇 寫好了 新文章 上傳 丟文章 丟一篇 交稿",
}
_BESIDE = (
    "份 舊 回 文章 文 稿 一篇 這篇 那篇 標題 內容 數字 推 發 排 寄 貼 寫 快 剩 夠 "
    "連結 網址 步驟 外部 自動 前 後 人 版主 編輯 讀者 大家 時候 個月 明早 內 只 先 讓"
)
_TOPICS = TopicWords({verb: said.split() for verb, said in WORK_WORDS.items()}, [*EVERY_WORD, *_BESIDE.split()])
_ALL = frozenset(_TOPICS.words)
_ELSEWHERE = re.compile("公開(?:發行|收購|市場)|上架費")  # ours within other words
_REFUSES = re.compile("(?:先)?(?:不要|別|不用)")


@lru_cache(maxsize=512)
def work_topic(text: str) -> Verb | None:
    """Return the command of editing that a line speaks of, and of nothing else: 「怎麼讓小王也能發文」; None for every other line."""
    return None if len(text) > LONGEST or refuses(text) or _ELSEWHERE.search(text) else _TOPICS.topic(text)


def refuses(text: str) -> bool:
    """Tell whether a line wants something not to be done."""
    return _REFUSES.match(text) is not None


def may_speak_of_work(ask: Ask) -> bool:
    """Tell whether a line is an editor's, one to one, and may want something done."""
    return ask.role >= Role.EDITOR and not ask.chat.is_group and not refuses(ask.text)


def is_of_work(word: str) -> bool:
    """Tell whether a word is one of those that editors use of their work."""
    return word in _ALL
