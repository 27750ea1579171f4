"""Names as they are written in scripts that do not say how they are read.

By hand, from general knowledge of the languages: the common names, each in the spelling that is the
most usual in passports. What is missing here is spelled by its letters or by the common reading.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ARABIC_WORDS",
    "CHINESE_DOUBLE_SURNAMES",
    "CHINESE_SURNAMES",
    "HEBREW_WORDS",
    "JAPANESE_GIVEN",
    "JAPANESE_SURNAMES",
    "KOREAN_SURNAMES",
]


def _table(text: str) -> dict[str, str]:
    words = text.split()
    # A name of two words has a full stop between them.
    return {key: name.replace(".", " ") for key, name in zip(words[::2], words[1::2], strict=True)}


# Without vowel marks; alefs, yehs, kafs and the final ta brought to one letter each.
ARABIC_WORDS: Final = _table(
    """
    محمد MUHAMMAD احمد AHMAD محمود MAHMUD حامد HAMID حميد HAMID حمد HAMAD حمدان HAMDAN
    حماد HAMMAD علي ALI علا ALA حسن HASSAN حسين HUSSEIN حسني HUSNI حسان HASSAN محسن MUHSIN
    عمر OMAR عمرو AMR عثمان UTHMAN ابو ABU ابي ABI ابن BIN بن BIN بنت BINT ام UMM
    ابراهيم IBRAHIM اسماعيل ISMAIL اسحاق ISHAQ يعقوب YAQUB يوسف YUSUF يونس YUNUS موسي MUSA
    عيسي ISA سليمان SULAYMAN سلمان SALMAN سليم SALIM سالم SALEM سلام SALAM سلامه SALAMA
    سلطان SULTAN داود DAWUD زكريا ZAKARIYA يحيي YAHYA الياس ILYAS نوح NUH ادم ADAM هارون HARUN
    لقمان LUQMAN خالد KHALID خليل KHALIL خليفه KHALIFA خضر KHIDR كمال KAMAL كامل KAMIL
    كريم KARIM كرم KARAM كاظم KAZIM جعفر JAFAR جمال JAMAL جميل JAMIL جابر JABIR جبار JABBAR
    جلال JALAL جاسم JASIM قاسم QASIM قيس QAYS قدري QADRI طارق TARIQ طاهر TAHIR طه TAHA
    طلال TALAL طالب TALIB طاهري TAHERI صالح SALIH صلاح SALAH صابر SABIR صباح SABAH صدام SADDAM
    صادق SADIQ صفوان SAFWAN سعيد SAID سعد SAAD سعود SAUD مسعود MASUD سعدي SAADI اسعد ASAD
    اسد ASAD سامي SAMI سمير SAMIR سيف SAYF سيد SAYYID السيد SAYYID سراج SIRAJ شريف SHARIF
    شاكر SHAKIR شهاب SHIHAB شعبان SHABAN رمضان RAMADAN رجب RAJAB محرم MUHARRAM عبد ABD
    عبدالله ABDULLAH عبيد UBAYD عباس ABBAS عادل ADIL عارف ARIF عامر AMIR امير AMIR امين AMIN
    امجد AMJAD انور ANWAR انس ANAS اياد IYAD ايمن AYMAN ايوب AYYUB اكرم AKRAM اشرف ASHRAF
    اسامه USAMA باسم BASIM بسام BASSAM بشار BASHAR بشير BASHIR بكر BAKR بلال BILAL بدر BADR
    بهاء BAHA توفيق TAWFIQ تامر TAMER تيسير TAYSIR ثابت THABIT رامي RAMI راشد RASHID رشيد RASHID
    رشاد RASHAD رياض RIYAD رضا RIDA رحيم RAHIM رحمن RAHMAN رحمه RAHMA رمزي RAMZI زيد ZAYD
    زياد ZIYAD زين ZAYN زكي ZAKI زهير ZUHAYR ظاهر ZAHIR عزيز AZIZ عماد IMAD عمار AMMAR عصام ISAM
    عدنان ADNAN علاء ALAA عزت IZZAT عوض AWAD غازي GHAZI غسان GHASSAN غانم GHANIM فارس FARIS
    فهد FAHD فيصل FAISAL فؤاد FUAD فواد FUAD فادي FADI فتحي FATHI فرج FARAJ فريد FARID
    فوزي FAWZI فضل FADL فاضل FADIL لطيف LATIF ماجد MAJID مجيد MAJID مجدي MAJDI مالك MALIK
    ملك MALIK مبارك MUBARAK مختار MUKHTAR مراد MURAD مرتضي MURTADA مصطفي MUSTAFA مصعب MUSAB
    معاذ MUADH معاويه MUAWIYA معمر MUAMMAR منصور MANSUR منير MUNIR منذر MUNDHIR مهدي MAHDI
    مهند MUHANNAD مقتدي MUQTADA ناصر NASIR نصر NASR نصير NASIR نصرالله NASRALLAH نبيل NABIL
    نادر NADIR نجيب NAJIB نزار NIZAR نعيم NAIM نور NUR نوري NURI هادي HADI هاشم HASHIM هاني HANI
    هشام HISHAM هيثم HAYTHAM وليد WALID وائل WAEL وايل WAEL وسيم WASIM ياسر YASIR ياسين YASIN
    يزيد YAZID حافظ HAFIZ حازم HAZIM حاتم HATIM حبيب HABIB حسام HUSAM حكيم HAKIM حمزه HAMZA
    حيدر HAYDAR خان KHAN خميس KHAMIS دين DIN الدين DIN ذياب DHIYAB فاطمه FATIMA عائشه AISHA
    عايشه AISHA خديجه KHADIJA زينب ZAYNAB مريم MARYAM سعاد SUAD ليلي LAYLA سلمي SALMA
    سميره SAMIRA نوال NAWAL هدي HUDA هند HIND امينه AMINA امال AMAL ايمان IMAN اسماء ASMA
    سناء SANA رانيا RANIA نادي NADI ناديه NADIA نجوي NAJWA سميه SUMAYYA حسناء HASNA جميله JAMILA
    كريمه KARIMA لطيفه LATIFA رقيه RUQAYYA صفيه SAFIYYA زهراء ZAHRA زهره ZAHRA اسد ASAD
    مصري MASRI تكريتي TIKRITI بغدادي BAGHDADI شامي SHAMI حلبي HALABI دوري DOURI عربي ARABI
    لادن LADIN ظواهري ZAWAHIRI زرقاوي ZARQAWI حداد HADDAD نجار NAJJAR خطيب KHATIB قذافي QADDAFI
    سيسي SISI مرسي MURSI مالكي MALIKI عبادي ABADI هاشمي HASHIMI الله ALLAH خامنه KHAMENEI
    خامنهاي KHAMENEI روحاني ROUHANI احمدي AHMADI احمدينژاد AHMADINEJAD نژاد NEJAD رضايي REZAEI
    سليماني SOLEIMANI قاسمي QASEMI كريمي KARIMI حسيني HOSSEINI موسوي MOUSAVI محمدي MOHAMMADI
    رييسي RAISI جواد JAVAD پرويز PARVIZ بهرام BAHRAM داريوش DARIUSH فرهاد FARHAD رستم ROSTAM
    شاه SHAH گل GUL اقبال IQBAL افضل AFZAL نواز NAWAZ عمران IMRAN بوتو BHUTTO زرداري ZARDARI
    شهباز SHAHBAZ
    """
)

HEBREW_WORDS: Final = _table(
    """
    כהן COHEN לוי LEVI מזרחי MIZRAHI פרץ PERETZ ביטון BITON דהן DAHAN אברהם AVRAHAM
    פרידמן FRIEDMAN מלכה MALKA אזולאי AZOULAY כץ KATZ יוסף YOSEF דוד DAVID עמר AMAR
    אוחיון OHAYON חדד HADAD גבאי GABAY בן BEN אדרי EDRI לוין LEVIN טל TAL קליין KLEIN חן CHEN
    שפירא SHAPIRA חזן HAZAN משה MOSHE אוחנה OHANA סגל SEGAL סוויסה SUISSA רוזנברג ROSENBERG
    נתניהו NETANYAHU בנימין BINYAMIN בנט BENNETT נפתלי NAFTALI יאיר YAIR לפיד LAPID גנץ GANTZ
    שרון SHARON אריאל ARIEL אריה ARIE יצחק YITZHAK יעקב YAAKOV שלמה SHLOMO שמואל SHMUEL
    חיים CHAIM מרדכי MORDECHAI אליהו ELIYAHU יהודה YEHUDA ישראל ISRAEL דניאל DANIEL
    מיכאל MICHAEL רפאל RAFAEL גבריאל GAVRIEL נתן NATAN יונתן YONATAN אהרון AHARON אהרן AHARON
    אשר ASHER שמעון SHIMON ראובן REUVEN יהושע YEHOSHUA אורי URI עוזי UZI עמוס AMOS דן DAN
    גיל GIL רון RON אבי AVI יוסי YOSSI איתן EITAN נועם NOAM עומר OMER איתי ITAY אסף ASAF
    שרה SARAH רבקה RIVKA רחל RACHEL לאה LEAH מרים MIRIAM אסתר ESTHER חנה HANNAH דבורה DVORA
    יעל YAEL תמר TAMAR נועה NOA מיכל MICHAL שירה SHIRA רות RUTH ציפי TZIPI לבני LIVNI ברק BARAK
    אהוד EHUD אולמרט OLMERT פרס PERES רבין RABIN בגין BEGIN שמיר SHAMIR גולדה GOLDA מאיר MEIR
    """
)

KOREAN_SURNAMES: Final = _table(
    """
    김 KIM 이 LEE 리 RI 박 PARK 최 CHOI 정 JUNG 강 KANG 조 CHO 윤 YOON 장 JANG 임 LIM 림 RIM
    한 HAN 오 OH 서 SEO 신 SHIN 권 KWON 황 HWANG 안 AHN 송 SONG 류 RYU 유 YOO 전 JEON 홍 HONG
    고 KO 문 MOON 양 YANG 손 SON 배 BAE 백 BAEK 허 HEO 남 NAM 심 SHIM 노 NOH 로 RO 하 HA 곽 KWAK
    성 SUNG 차 CHA 주 JOO 우 WOO 구 KOO 민 MIN 나 NA 라 RA 진 JIN 지 JI 엄 EOM 채 CHAE 원 WON
    천 CHEON 방 BANG 공 KONG 현 HYUN 함 HAM 변 BYUN 염 YEOM 여 YEO 추 CHOO 도 DO 소 SO 석 SEOK
    선 SUN 설 SEOL 마 MA 길 GIL 연 YEON 위 WI 표 PYO 명 MYUNG 기 KI 반 BAN 왕 WANG 금 KEUM 옥 OK
    육 YOOK 인 IN 맹 MAENG 제 JE 모 MO 탁 TAK 국 KOOK 어 EO 은 EUN 편 PYEON 용 YONG 태 TAE
    남궁 NAMGOONG 황보 HWANGBO 제갈 JEGAL 선우 SUNWOO 독고 DOKGO 사공 SAGONG
    """
)

# Only where the sign has several readings, or is written in the long and the short form.
CHINESE_SURNAMES: Final = _table(
    """
    王 WANG 李 LI 张 ZHANG 張 ZHANG 刘 LIU 劉 LIU 陈 CHEN 陳 CHEN 杨 YANG 楊 YANG 赵 ZHAO
    趙 ZHAO 黄 HUANG 黃 HUANG 周 ZHOU 吴 WU 吳 WU 徐 XU 孙 SUN 孫 SUN 胡 HU 朱 ZHU 高 GAO 林 LIN
    何 HE 郭 GUO 马 MA 馬 MA 罗 LUO 羅 LUO 梁 LIANG 宋 SONG 郑 ZHENG 鄭 ZHENG 谢 XIE 謝 XIE
    韩 HAN 韓 HAN 唐 TANG 冯 FENG 馮 FENG 于 YU 董 DONG 萧 XIAO 蕭 XIAO 肖 XIAO 程 CHENG 曹 CAO
    袁 YUAN 邓 DENG 鄧 DENG 许 XU 許 XU 傅 FU 沈 SHEN 曾 ZENG 彭 PENG 吕 LU 呂 LU 苏 SU 蘇 SU
    卢 LU 盧 LU 蒋 JIANG 蔣 JIANG 蔡 CAI 贾 JIA 賈 JIA 丁 DING 魏 WEI 薛 XUE 叶 YE 葉 YE 阎 YAN
    閻 YAN 余 YU 潘 PAN 杜 DU 戴 DAI 夏 XIA 钟 ZHONG 鍾 ZHONG 汪 WANG 田 TIAN 任 REN 姜 JIANG
    范 FAN 方 FANG 石 SHI 姚 YAO 谭 TAN 譚 TAN 廖 LIAO 邹 ZOU 鄒 ZOU 熊 XIONG 金 JIN 陆 LU 陸 LU
    郝 HAO 孔 KONG 白 BAI 崔 CUI 康 KANG 毛 MAO 邱 QIU 秦 QIN 江 JIANG 史 SHI 顾 GU 顧 GU 侯 HOU
    邵 SHAO 孟 MENG 龙 LONG 龍 LONG 万 WAN 萬 WAN 段 DUAN 雷 LEI 钱 QIAN 錢 QIAN 汤 TANG 湯 TANG
    尹 YIN 黎 LI 易 YI 常 CHANG 武 WU 乔 QIAO 喬 QIAO 贺 HE 賀 HE 赖 LAI 賴 LAI 龚 GONG 龔 GONG
    文 WEN 习 XI 習 XI 温 WEN 溫 WEN 薄 BO 单 SHAN 單 SHAN 解 XIE 查 ZHA 仇 QIU 区 OU 區 OU
    翟 ZHAI 朴 PIAO 盖 GE 华 HUA 尤 YOU 洪 HONG
    """
)
CHINESE_DOUBLE_SURNAMES: Final = _table(
    """
    欧阳 OUYANG 歐陽 OUYANG 司马 SIMA 司馬 SIMA 诸葛 ZHUGE 諸葛 ZHUGE 上官 SHANGGUAN
    皇甫 HUANGFU 尉迟 YUCHI 公孙 GONGSUN 慕容 MURONG 令狐 LINGHU 东方 DONGFANG 司徒 SITU
    夏侯 XIAHOU 端木 DUANMU
    """
)

JAPANESE_SURNAMES: Final = _table(
    """
    佐藤 SATO 鈴木 SUZUKI 高橋 TAKAHASHI 田中 TANAKA 伊藤 ITO 渡辺 WATANABE 渡邊 WATANABE
    渡邉 WATANABE 山本 YAMAMOTO 中村 NAKAMURA 小林 KOBAYASHI 加藤 KATO 吉田 YOSHIDA 山田 YAMADA
    佐々木 SASAKI 山口 YAMAGUCHI 松本 MATSUMOTO 井上 INOUE 木村 KIMURA 林 HAYASHI 斎藤 SAITO
    斉藤 SAITO 齋藤 SAITO 清水 SHIMIZU 山崎 YAMAZAKI 阿部 ABE 安倍 ABE 森 MORI 池田 IKEDA
    橋本 HASHIMOTO 石川 ISHIKAWA 山下 YAMASHITA 小川 OGAWA 石井 ISHII 長谷川 HASEGAWA 後藤 GOTO
    岡田 OKADA 近藤 KONDO 前田 MAEDA 藤田 FUJITA 遠藤 ENDO 青木 AOKI 坂本 SAKAMOTO 村上 MURAKAMI
    太田 OTA 金子 KANEKO 藤井 FUJII 福田 FUKUDA 西村 NISHIMURA 三浦 MIURA 竹内 TAKEUCHI
    中川 NAKAGAWA 岡本 OKAMOTO 松田 MATSUDA 原田 HARADA 中野 NAKANO 小野 ONO 田村 TAMURA
    藤原 FUJIWARA 中山 NAKAYAMA 石田 ISHIDA 小島 KOJIMA 和田 WADA 森田 MORITA 内田 UCHIDA
    柴田 SHIBATA 酒井 SAKAI 宮崎 MIYAZAKI 横山 YOKOYAMA 高木 TAKAGI 安藤 ANDO 宮本 MIYAMOTO
    大野 ONO 小泉 KOIZUMI 岸田 KISHIDA 菅 SUGA 麻生 ASO 石破 ISHIBA 鳩山 HATOYAMA 野田 NODA
    黒田 KURODA 本田 HONDA 豊田 TOYODA
    """
)
JAPANESE_GIVEN: Final = _table(
    """
    太郎 TARO 一郎 ICHIRO 次郎 JIRO 二郎 JIRO 三郎 SABURO 健 KEN 健一 KENICHI 健太 KENTA
    誠 MAKOTO 浩 HIROSHI 博 HIROSHI 隆 TAKASHI 清 KIYOSHI 茂 SHIGERU 勇 ISAMU 豊 YUTAKA
    進 SUSUMU 学 MANABU 翔 SHO 翔太 SHOTA 大輔 DAISUKE 拓也 TAKUYA 和夫 KAZUO 和也 KAZUYA
    晋三 SHINZO 純一郎 JUNICHIRO 文雄 FUMIO 義偉 YOSHIHIDE 太一 TAICHI 直樹 NAOKI 達也 TATSUYA
    哲也 TETSUYA 英樹 HIDEKI 正 TADASHI 花子 HANAKO 恵子 KEIKO 洋子 YOKO 和子 KAZUKO
    幸子 SACHIKO 由美子 YUMIKO 久美子 KUMIKO 裕子 YUKO 陽子 YOKO 真由美 MAYUMI 直美 NAOMI
    美穂 MIHO 愛 AI 智子 TOMOKO 京子 KYOKO 明美 AKEMI 陽菜 HINA 優子 YUKO 春樹 HARUKI 宏 HIROSHI
    明 AKIRA 勝 MASARU 実 MINORU 修 OSAMU
    """
)
