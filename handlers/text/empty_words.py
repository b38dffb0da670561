"""Words that say nothing by themselves: pronouns, particles, modals, and what people ask with."""

from __future__ import annotations

import re
from collections.abc import Iterable

GRAMMAR = """
我 你 妳 您 他 她 它 我們 你們 他們 大家 各位 有人 人家 誰 自己
這 那 這個 那個 這些 那些 這樣 那樣 這裡 那裡 這邊 那邊 這檔 那檔 這支 那支 這篇 那篇 哪 哪裡 哪邊 哪些 哪天 哪位 幾
是 不是 是不是 有 沒 沒有 有沒有 有哪些 要 不要 要不要 想 不想 想要 需要 應該 會 不會 會不會 能 不能 能不能 能否
可以 可不可以 不可以 行 不行 用 不用 別 不
什麼 甚麼 啥 怎麼 怎樣 如何 為什麼 為何 怎麼辦 幹嘛 干嘛 多久 多少
很 太 超 最 非常 真 真的 好 不好 好像 有點 都 也 還 再 又 就 才 先 後 快 一直 一下 一點 一次 老是 常常 總是 每次 已經 目前 最近 大概 直接
現在 今天 明天 昨天 剛剛 剛才 以前 以後 之前 之後 然後 後來 接下來 所以 但是 可是 不過 因為 如果 或 或是 還是 不然
的 了 得 地 嗎 呢 吧 啊 呀 喔 哦 耶 啦 嘛 欸 囉 和 跟 與 在 從 到 把 被 讓 叫 給 給我 幫 幫我 幫忙
看 看到 看不到 說 講 問 聽 知道 不知道 對 不對 錯 請 請問 拜託 麻煩 謝謝 早 早安 你好 哈囉 嗨 算了
"""
COMPARING = ("vs", "vs.", "versus", "compare")
ENGLISH = """
i i'd i'm me my mine you your u we our it its this that these those it's do does did don't dont doesn't can can't cannot could
would will should how what when where who why which is are am be was to the a an any some all of for from in on at by with about
or and so no not please pls thanks thank got hi hello hey there have has had now just too much more up off out go vs vs. versus compare
"""


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest first; a Latin one ends where its letters end."""
    longest_first = [re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word))]
    latin = "|".join(filter(str.isascii, longest_first))
    others = [word for word in longest_first if not word.isascii()]
    return "|".join([rf"(?<![a-z])(?:{latin})(?![a-z])", *others] if latin else others)
