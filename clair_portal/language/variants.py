"""Characters that name one place or person in different registers, and the form they are searched by.

In each word of the table the first character is the form searched by; the others mean the same in names. For search
only: 龍 and 竜 stay what they are on screen. Sources: old and new forms of the table of common characters (常用漢字表,
2010), forms found in official lists of municipalities (須惠町, 檮原町, 鰺ヶ沢町), and the unified forms that NFKC
leaves apart (﨑, 髙). A new pair is a new word in this table.
"""

from __future__ import annotations

_TABLE = """
亜亞 悪惡 医醫 一壱壹 栄榮 栃杤 円圓 塩鹽 縁緣 桜櫻 応應 横橫 穏穩 会會 絵繪 学學 楽樂 岳嶽 巻卷 関關闗 観觀 館舘
気氣 亀龜 吉𠮷 暁曉 区區 駆驅 薫薰 群羣 恵惠 径徑 渓溪 経經 継繼 鶏鷄 芸藝 県縣 圏圈 顕顯 験驗 厳嚴 戸戶 広廣
黄黃 高髙 鉱鑛 国國 黒黑 斉斎齊齋 済濟 崎﨑嵜碕 桟棧 参參 桑桒 糸絲 児兒 実實 写寫 釈釋 寿壽 収收 渋澁澀 粛肅 緒緖 将將
焼燒 条條 状狀 乗乘 浄淨 畳疊 穣穰 譲讓 真眞 慎愼 尽盡 図圖 粋粹 随隨 瀬瀨 声聲 静靜 釜釡 専專 浅淺 践踐 銭錢
繊纖 禅禪 双雙 壮壯 争爭 荘莊 総總 聡聰 蔵藏 曽曾 続續 帯帶 滞滯 台臺 滝瀧 沢澤 択擇 単單 団團 弾彈 遅遲 昼晝
虫蟲 鋳鑄 庁廳 聴聽 鎮鎭 槙槇 逓遞 鉄鐵 点點 転轉 伝傳 当當 党黨 島嶋嶌 闘鬪 灯燈 稲稻 徳德 独獨 読讀 届屆 弐貳
悩惱 脳腦 覇霸 売賣 麦麥 発發 髪髮 抜拔 蛮蠻 浜濱濵 桧檜 彦彥 富冨 仏佛 払拂 並竝 辺邊邉 変變 弁辨瓣辯 歩步 宝寶 豊豐
穂穗 毎每 万萬 満滿 弥彌 薬藥 訳譯 柳栁 余餘 与與 予豫 誉譽 様樣 謡謠 頼賴 来來 覧覽 竜龍 両兩 緑綠 涙淚 塁壘
励勵 礼禮 霊靈 齢齡 暦曆 歴歷 恋戀 労勞 郎郞 楼樓 禄祿 湾灣 梼檮 鯵鰺 籠篭 芦蘆 麹麴 祢禰 淵渕 鴎鷗 桝枡 祷禱
侭儘 頬頰 剥剝 莱萊 蝋蠟 諌諫 薮藪 靭靱 潅灌 溌潑 醤醬 蝉蟬 掻搔 繋繫 填塡 壷壺
"""

VARIANTS: dict[int, str] = {ord(other): word[0] for word in _TABLE.split() for other in word[1:]}
LATIN_LETTERS: dict[int, str] = {
    ord(letter): plain
    for letter, plain in {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"}.items()
}
