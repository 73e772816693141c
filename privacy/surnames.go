package privacy

import (
	_ "embed" // words that begin like a name
	"strings"
)

// usualSurnames carry almost everybody; each alone before a title makes a
// name.
const usualSurnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉骆蓝游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农卓吉缪简车项麦褚娄窦戚岑景费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边卞姬仇栾隋商刁沙荣巫寇桑郎甄丛虞敖佘池查麻苑迟邝封谈匡鞠荆乐郁胥储栗燕楚鄢劳谌奚皮粟冼蔺楼"

// rareSurnames are words as often as names; they count after plain words only.
const rareSurnames = "司班成路连古时应党宫全师和仲明官惠冀南原盘满闻位厉伊区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由承洪岛凤先才毋矫佴"

const compoundSurnames = "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 端木 宇文 长孙 司徒 司空 东方 独孤 南宫 呼延 轩辕 闻人 澹台 濮阳 淳于 单于 太史 申屠 仲孙 钟离 鲜于 完颜 拓跋 西门 赫连 东郭 左丘 谷梁 宗政 太叔 闾丘 万俟 颛孙 公冶 巫马 漆雕 乐正 亓官 爱新觉罗 叶赫那拉"

var (
	usual    = runeSet(usualSurnames)
	rare     = runeSet(rareSurnames)
	compound = newLexicon(compoundSurnames)
)

// notGiven are characters that no given name has, or hardly any.
var notGiven = runeSet("的了是在我你他她它们不没吗呢吧啊就都也还与或及要这那说给把被让叫对从到很您啥么呀哦嗯哎喔嘛请谁怎什哪每但且再又只已着过得去个些块钱号款贷账户卖买打投诉问想做用办找借欠催收付退扣某总＊电话机姓")

// foreign are characters that write foreign and minority names.
var foreign = runeSet("阿巴买提艾尔古丽努热合曼迪力木拉吐逊江依孜米尼亚克白再帕夏汗卡德则娜扎麦旦赛图如西多吉次仁卓玛央金达瓦索朗旺堆平措格桑贡布特乌云其花呼斯琴雅苏日哈宝音朝鲁额敦那勒比别列汉莎罗伯约翰史蒂夫卫安东奥莱昂纳迈杰森里詹姆查理菲露丝凯瑟琳维什诺洛弗基科林恩肯蒙胡塞穆罕默优素甫伊马萨吾守司坎居")

//go:embed name_words.txt
var nameWordList string

// nameWords are common words of two or three characters that begin with a
// surname: 高兴, 方便, 任何.
var nameWords = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(nameWordList) {
		words[word] = true
	}
	for word := range strings.FieldsSeq("高兴 方便 任何 安心 明白 万一 谢谢 马上 和好 常常 白天 应该 能够 成功 付款 周末 周一 周二 周三 周四 周五 周六 周日 石油 黄金 金额 金融 金卡 白金 白条 花呗 高额 高利 严重 温馨 安全 平安 华夏 包括 包过 常用 单笔 全额 路费 于是 文件 方式 江苏 云南 高铁 万元 余额 项目 边上 管理 简单 时间 都是 许多 连续 解释 向您 向我 关于 关闭 关系 申请 易付 宁波 吉林 任意 何时 何必 乐意 谢您 谢了 左右 尚未 纪要 毕竟 席位 房贷 房产 车贷 车险 车辆 房子 车子 石家 米面 商户 商业 查询 查下 查账 查收 谈判 储蓄 封号 迟到 班长 祝您 祝福 经理 曾经 单位 易拉 楼上 楼下 安排 安装 童话 包月 包年 符合 计算 施工 温度 康复 常见 金葵花 全额 花钱 车位 车款 车主 房款 方案 曾因 曾被 曾在 曾向 曾有 曾于 尚处 尚无 尚欠 尚有 尚在 向合 向本 向贵 关闭 常被 常有 高于 严于 付清 应付 应还 关掉 关停 全款 全都") {
		words[word] = true
	}
	return words
}()

// surnameAt gives the length of the surname at i: 0 if there is none. Strict
// takes usual ones only.
func surnameAt(r []rune, i int, strict bool) int {
	if n := compound.at(r, i); n > 0 {
		return n
	}
	c := at(r, i)
	if usual[c] || !strict && rare[c] {
		return 1
	}
	return 0
}

// endsLikeSurname are words whose last character is a surname, before a title
// too: 基金经理, 公司老板.
var endsLikeSurname = newLexicon("基金 资金 现金 奖金 佣金 租金 黄金 公司 上司 对方 警方 官方 双方 我方 甲方 乙方 买方 卖方 院方 校方 三方 地方 作方 资方 海关 机关 相关 有关 公安 保安 平安 西安 治安 汽车 火车 停车 租车 主任 责任 前任 现任 新任 信任 担任 沟通 高管 主管 网管 城管 托管 电商 厂商 销商 应商 客商 中华 世纪 年纪 纠纪 经纪 会计 审计 设计 统计 长江 浙江 工程 课程 流程 过程 行程 楼房 药房 牛市 项目 平台 上万 个把 谢谢 感谢 多谢 支付 对付 应付 交付 专门 总经 开车 住房 银行 同时 临时 小时 产品 商品 大堂 公共 温馨 信贷 安全 健康 小康 保洁 家庄 利于 关于 由于 属于 对于 位于 处于 终于 协商 退费 缴费 收费 续费 员费 务费 保费 话费 年费 租费 会费 客房 催收 客户 业务 理财 查封 冻结 班")
