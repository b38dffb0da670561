"""The words around a name: whether an ordinary word is meant as a name there, and who only reports.

All texts here are flattened (`corpus.lexicon.security.flatten`): narrow, lower case, Simplified; so are the patterns.
"""

from __future__ import annotations

import re

from corpus.lexicon.security import flatten


def _words(text: str) -> str:
    """Return space-separated alternatives as a group of a pattern."""
    return "(?:" + "|".join(flatten(text).split()) + ")"


_EDGE = r"[\s。,、;:!?()「」『』《》〈〉【】\[\]\"'/|+*・•<>~-]"
_TIME = r"(?:\(?\d{1,2}\)?日?|[昨今][天日]?|日前|本?[周週]|[今去明前]年|[本上下]季|第[一二三四1-4]季|[上下]半年|全年|近期|目前|\d+月)*的?"

# Before a name: the start of a clause, or a word that a name follows.
_LEFT = re.compile(
    rf"(?:^|{_EDGE}|"
    + _words(
        "其中 至於 另外 包括 包含 例如 譬如 像是 諸如 以及 還有 而 但 與 和 及 跟 由 如 像 對 找 選 買 賣 讓 被 給 看 抱 推 除 是"
    )
    + ")$"
)
# Before a name: what kind of company it is, 「銅箔廠金居」. A descriptor speaks for a name as loudly as a share price.
_DESCRIBED = re.compile(
    _words("龍頭 大廠 巨頭 廠 廠商 商 (?<![這那一兩每])股 業者 集團 公司 母公司 旗下 旗下的 一哥 霸主 股王 股后") + "$"
)
_RIGHT = re.compile(rf"{_EDGE}|$|" + _words("與 和 及 跟 以及 還有 等(?!級|待|同|於|到)"))
# After a name: talk of its shares and its officers.
_SHARES = re.compile(
    flatten(_TIME)
    + _words(
        "的?股價 股票 的?營收 的?財報 法說 董事[長會] 總經理 執行長 總座 董座 發言人 毛利 營益率 每股 eps 稅[後前] 本益比 股東會 自結 配[息股]"
        " 除[權息] 殖利率 adr 集團 電機 漲停 跌停 [漲跌]幅 大[漲跌] 重挫 勁揚 亮燈 [攻衝]上 的?目標價 外資 投信 庫藏股 減資 增資 可轉債"
        " 新高 新低 成交量 爆量 量能 收紅 收黑 翻紅 翻黑 開盤 盤中 尾盤 盤後 早盤 三大法人 權證 大單 力拚 力拼 套牢 評等 財測"
        r" \d+月營收 前[一二三四\d]+[季月] 第[一二三四1-4]季(?:營收|毛利|獲利|財報) 以\d"
    )
)
# After a name: what the subject of a sentence is followed by.
_SUBJECT = re.compile(
    _words(
        r"\d{1,2}日 \d+月 今 去年 明年 昨 日前 近期 近[年期] 目前 [周週][一二三四五] 第[一二三四1-4]季 上半年 下半年 表示 指出 宣布 公告 公布 受惠"
        " 旗下 預[計估] 則 也 還 再度 首度 卻 曾 就 為何 為什麼 憑什麼 透過 積極 持續 持股 入股 斥資 砸 拿下 打入 切入 通過 擬 獲利 股利 看好 因 已"
        " 將 投入 推出 收購 買下 跨足 進軍 瞄準 鎖定 押注 轉型 [布佈]局 出貨 過去"
        " 開[高低] 收 漲 跌 上漲 下跌 擴[產廠] 併購 攜手 結盟 供應 客戶 產能 訂單 掛牌 外銷"
    )
)
# After a name: what the full names of companies end with.
_FORM = re.compile(
    _words(
        "科技 光電 電子 電機 生技 生醫 製藥 精密 工業 實業 企業 半導體 材料 能源 電腦 資訊 通訊 網路 金控 控股 集團 公司 股份"
    )
)
_NOT_A_NAME = tuple(flatten("的地而化性"))

# Between two names of one row: 「、」, 「(2330)、」, 「與」, 「、民生的」.
_GLUE = re.compile(
    r"\s*(?:\([^()\n]{1,24}\))?\s*(?:"
    + _words("與 和 及 跟 以及 還有 或 vs")
    + r"|[、/&+]|,?(?:还有|以及)|、和|、[一-鿿]{1,5}的|\s)\s*"
)

_CITING = re.compile(
    _words("根據 依據 據 引述 引用 援引 按照 依照 來源 資料來源 圖 圖片 照片 photo photos")
    + r"\s?[:/]?\s?"
    + _words("外資 美系 歐系 日系 券商 市調機構 研究機構 國際 資料 知名")
    + r"*\s*[「『]?$"
)
_REPORTING = re.compile(
    r"(?:\([^()\n]{1,24}\))?(?:、[^。,;、]{1,12}\)?)?"
    + _words("集團 證券 投顧 投信 銀行 環球 亞洲 台灣 投資 資產管理 人壽 全球 綜合")
    + r"*\s*"
    + _words(
        "最新 近日 日前 今日 昨日 昨 今 則 也 並 更 進一步 首席 半導體 科技 股票 經濟 投資 資深 的 於 在 、"
        r" 等[^。,;]{0,8}(?:機構|外資|券商|公司)?\)?"
    )
    + r"*"
    + _words("出具 發布 發表 公布的")
    + "?"
    + _words(
        "分析師 經濟學家 策略師 研究 報告 數據 統計 調查 預估 估算 估計 推估 預測 預期 預計 認為 指出 表示 分析 調升 調降 上調 下調 升評 降評 重申"
        " 將目標價 給予 維持.{0,4}評等 看[好壞淡] 報導 點評 喊 評等 目標價 直言 強調"
    )
)

# The commonest family names of Taiwan, without those that also end other words: 李建榮 is no 建榮.
_SURNAMES = frozenset(flatten("陳林黃張李王吳劉蔡楊鄭謝郭洪邱廖賴徐周葉蘇莊呂蕭羅簡朱鍾彭詹胡沈趙盧梁顏孫魏翁戴宋薛"))


def reasons(before: str, after: str) -> int:
    """Count the points for taking the word between the two texts, a dozen characters each and more, for a name.

    An edge of a clause before it gives 1, a descriptor of a company 2 (1 if nothing after it agrees: 廠商大量採購); talk of
    shares after it 2, else an edge of a clause and what follows a subject 1 each; 「的」, as after an adjective, takes 1.
    """
    points = int(bool(_LEFT.search(before)))
    described = _DESCRIBED.search(before) is not None
    if _SHARES.match(after):
        return points + 2 * described + 2
    if after.startswith(_NOT_A_NAME):
        return points - 1
    behind = int(bool(_RIGHT.match(after))) + int(bool(_SUBJECT.match(after)))
    return points + behind + described * (2 if behind else 1)


def is_company(after: str) -> bool:
    """Tell whether the name goes on as the full name of a company: 洋華光電."""
    return _FORM.match(after) is not None


def joined(between: str) -> bool:
    """Tell whether two names with this between them stand in one row. A row does not go on in the next paragraph."""
    return len(between) <= 32 and "\n" not in between and _GLUE.fullmatch(between) is not None


def only_reports(before: str, after: str) -> bool:
    """Tell whether the name between the two texts is the source of a figure or a statement, rather than its subject."""
    return bool(_CITING.search(before) or _REPORTING.match(after))


def is_given_name(before: str) -> bool:
    """Tell whether a name of two characters may be a person's given name here, because a family name stands before it."""
    return before[-1:] in _SURNAMES
