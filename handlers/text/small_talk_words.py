"""Words of conversation: what people say to one another, and nobody looks up."""

from __future__ import annotations

import re

from corpus.language.text import to_halfwidth

LONGEST = 20

_WORDS = """
我 你 妳 您 他 她 它 我們 你們 他們 大家 各位 有人 誰 自己 人家
這 那 這個 那個 這樣 那樣 這些 那些 這裡 那裡 哪裡 這檔 那檔 這支 那支 這篇 那篇
是 不是 是不是 有 沒 沒有 有沒有 要 不要 要不要 想 不想 會 不會 會不會 能 不能 可以 不可以 行 不行 用 不用
覺得 認為 知道 不知道 看 看到 說 講 問 聽 聽說 來 去 吃 喝 睡 買 賣 做 怎麼辦
什麼 甚麼 啥 怎麼 怎樣 如何 為什麼 為何 意思 真 真的 假 假的 真假 對 不對 錯 好 不好 扯 誇張 厲害 笑死 傻眼 無言
嗎 呢 吧 啊 呀 喔 哦 耶 啦 嘛 了 的 得 欸 哈 呵 嗯 哇 唉 嘿 囉 蛤 啥 很 太 好像 超 都 也 還 再 又 就 才 先 快
不然 接下來 後來 然後 所以 但是 可是 不過 因為 如果 或是 還是 今天 明天 昨天 現在 早上 中午 下午 晚上 等等 等一下 一下 算了 沒事 沒關係 先這樣
早 早安 午安 晚安 您好 哈囉 嗨 謝謝 感謝 多謝 感恩 收到 了解 沒問題 再見 掰掰 拜拜
兄弟 老兄 大哥 大姐 帥哥 美女 寶貝 老闆 天氣 笑話 吃飯 吃飽 喝茶 咖啡店 下班 上班 無聊 好累 想睡 加油 明天見 待會 改天 一起 哪位 幾歲
個 開心 難過 生氣 可愛 好棒 真棒 很棒 讚讚 猛 強 酷 愛你 想你 聊天 聊聊 唱歌 閉嘴 滾 幹 靠 靠北 靠腰 媽的 三小 屁 白癡 白痴 智障 傻瓜 騙子 神經病 有病
晚點 再說 客氣 客气 光光 看不清楚 平安 喜樂 順心 如意 阿彌陀佛 小幫手 幫手 阿嬤 阿公 爺爺 奶奶 孫子
yo sup bro sis dude man buddy got it im i'm you u are cool nice great good fine sure yep nope bye night morning sorry please oh wow
hi hello hey thanks thx ok lol haha yes no why what really
"""
_CHATTER = re.compile(rf"(?:{'|'.join(sorted(_WORDS.split(), key=len, reverse=True))})+", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")


def is_chatter(text: str) -> bool:
    """Whether nothing but words of conversation is said: 「真假?」, 「你們怎麼看」, 「晚上吃什麼」."""
    said = _SIGNS.sub("", to_halfwidth(text))
    return len(said) <= LONGEST and _CHATTER.fullmatch(said) is not None


# Said to us, or of oneself; who asks what was written on a thing asks the archive, however politely.
_TO_US = re.compile(r"[你妳您我]|羅盤|這個(?!月|季|年|禮拜|星期)|\b(?:you|your|me|my|i|i'm|this bot)\b", re.IGNORECASE)
_OF_ESSAYS = re.compile(
    r"[寫篇]|文章|提到|談|資料|分析|研究|知道|了解|解釋|找|查|[想要]看|看看|我[想要]|推薦|介紹(?!來)|哪|什麼是|是什麼"
    r"|\b(?:write|wrote|written|essays?|articles?|about|know|find|explain)\b",
    re.IGNORECASE,
)


def is_said_to_us(text: str) -> bool:
    """「我剛匯款了」, 「你會偷看訊息嗎」: about the two who talk, and not about what essays say."""
    return _TO_US.search(text) is not None and _OF_ESSAYS.search(text) is None
