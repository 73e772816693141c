package privacy

import "strings"

// regionNames are found where an address begins.
var regionNames = func() *nameTree {
	t := &nameTree{}
	for name := range strings.FieldsSeq(regions) {
		t.add(name)
	}
	return t
}()

// streets end the names of streets, villages and estates; by them an address
// says more than its district.
var streets = newLexicon("路 街 大道 巷 弄 胡同 里 村 屯 庄 镇 乡 街道 小区 花园 花苑 苑 公寓 大厦 广场 家园 新城 城 府 园 庭 湾 邸 坊 墅 寨 堡 社区 公馆 名都 工业区 开发区 宿舍 嘉园 组 道")

// districts end the names of regions.
var districts = newLexicon("省 市 州 区 县 旗 盟 自治区 自治州")

// noStreets are words that end like a street and are none.
var noStreets = newLexicon("知道 渠道 频道 报道 难道 味道 通道 管道 一路 线路 网路 思路 出路 电路 半路 铁路 公路 上路 走路 心路 回路 退路 后路 带路 让路 问路 套路 哪里 这里 那里 家里 手里 心里 卡里 店里 行里 公里 城里 村里 夜里 嘴里 屋里 里里 商城 老城 政府 学院 法院 医院 住院 出院 条条 小组 一组 公园 校园 一条 这条 那条 几条 经营 国营 运营 霸道 人道 地道 道道 这道 轨道 开庭 家庭 东城 逛街 上街 两条 三条 四条 五条 六条 七条 八条 九条 十条 第条 库里 本组 分组 重组 机构 群里 会里 里面 那条 头条 白条 借条 欠条 纸条 便条 面条 信条 每条 各条 多条 全程 账里 包里 都里 心中 其中 集中 当中")

// numberUnits follow the numbers in an address.
var numberUnits = newLexicon("号楼 号院 号店 号 栋 幢 座 单元 室 楼 层 弄 房 户 组 队 排 院 巷 门 区 期")

// residential are those that stand in addresses only.
var residential = newLexicon("号楼 栋 幢 单元 室 弄 号院")

// addressStops cannot be in an address; where one stands, it has ended or not
// begun. Those of softStops can be in the names of its streets: they stop only
// what has not begun with a region.
var (
	addressStops = runeSet("在是于住址寄说叫让给把被了吗呢吧的我你他她您们没不请找也就还这那已曾")
	softStops    = runeSet("到去从至往有和与或及为对向来要此本该将打发送搬跑离回带上门站等问")
)

func addressRune(r rune) bool {
	return isHan(r) && !addressStops[r] || isDigit(r) || isLetter(r) || r == '-' || r == '#'
}

// longestAddress bounds an address.
const longestAddress = 60

// addresses finds places that say more than a district: a street, a village
// or an estate, with or without a number.
func addresses(r []rune) []Span {
	var spans []Span
	last := 0
	for i := 0; i < len(r); {
		if !addressRune(r[i]) {
			i++
			continue
		}
		end, within := i, false
		for end < len(r) && addressRune(r[end]) && end-i < longestAddress {
			within = within || regionNames.begins(r, end)
			if softStops[r[end]] && !within {
				break
			}
			end++
		}
		if span, ok := addressWithin(r, i, end, cueOfAddress(r, i)); ok && span.Start >= last {
			spans = append(spans, span)
			last = span.End
			i = max(span.End, i+1)
			continue
		}
		i = max(end, i+1)
	}
	return spans
}

// addressCues announce an address.
var addressCues = newLexicon("址 住 户籍 寄到 寄给 送到 搬到 位于 户口在 老家在 家在 住在 家住 居住 户籍地")

// cueOfAddress reports whether the words shortly before i announce an address.
func cueOfAddress(r []rune, i int) bool {
	for start := max(0, i-6); start < i; start++ {
		if n := addressCues.at(r, start); n > 0 && start+n <= i && i-start-n <= 3 {
			return true
		}
	}
	return false
}

// A sighting is what an address is made of, within one run of characters.
type sighting struct {
	start    int // of the first region, or of the run
	end      int // of the last piece
	region   bool
	levels   int // districts
	streets  int
	numbers  int
	homes    int // units that stand in addresses only
	adjacent bool
}

// addressWithin reads the address within a run of characters that an address
// may have.
func addressWithin(r []rune, from, upto int, told bool) (Span, bool) {
	s := sight(r, from, upto)
	if s.end == 0 || institutionAfter(r, s.end) || publicPlace(r, s.end) {
		return Span{}, false
	}
	enough := s.streets > 0 && s.numbers > 0 && s.adjacent || s.homes >= 2 || s.homes >= 1 && s.streets+s.levels > 0
	if !enough && s.streets > 0 {
		enough = s.region && s.levels+s.streets >= 2 || s.levels >= 2 || s.levels >= 1 && s.streets >= 2 || told && s.levels+s.streets >= 1 && s.end-s.start >= 3
	}
	if !enough || s.end-s.start < 3 {
		return Span{}, false
	}
	return Span{s.start, s.end, Address}, true
}

// publicPlaces follow the street of a branch, a shop or an office.
var publicPlaces = newLexicon("支行 分行 营业 网点 分理处 派出所 门店 专卖店 储蓄所 分公司 店 办事处 站 人民法院 分局 街道办 服务")

// publicPlace reports whether what follows is a branch, a shop or an office.
func publicPlace(r []rune, i int) bool { return publicPlaces.at(r, i) > 0 }

// sight notes the pieces of an address in a run.
func sight(r []rune, from, upto int) sighting {
	s := sighting{start: from}
	for _, region := range regionNames.find(r[from:upto]) {
		s.start, s.region = from+region.Start, true
		break
	}
	if !s.region {
		s.start = skipLead(r, from, upto)
	}
	marker := -1 // where the last street's name ended
	for i := s.start; i < upto; i++ {
		if unit, end := numberPiece(r, i, upto); end > 0 {
			s.numbers++
			if residential.at(r, unit) > 0 {
				s.homes++
			}
			s.adjacent = s.adjacent || marker == i
			s.end, i = roomAfter(r, end, upto), roomAfter(r, end, upto)-1
			marker = -1
			continue
		}
		if n := suffix(r, i, s.start, streets); n > 0 && noStreets.at(r, i+n-2) == 0 && i+n <= upto {
			s.streets++
			s.end, marker, i = i+n, i+n, i+n-1
			continue
		}
		if n := suffix(r, i, s.start, districts); n > 0 && i+n <= upto && noDistricts.at(r, i-1) == 0 {
			s.levels++
			marker = i + n
			i += n - 1
		}
	}
	return s
}

// leads are words that stand before an address and are no part of it.
var leads = newLexicon("现居 家庭 详细地 公司 单位 老家 家 现 都 人 收货 户籍地 地 户籍")

// skipLead steps over words that are not yet the address.
func skipLead(r []rune, from, upto int) int {
	for n := leads.at(r, from); n > 0 && from+n < upto; n = leads.at(r, from) {
		from += n
	}
	return from
}

// noDistricts are words that end like a region and are none.
var noDistricts = newLexicon("地区 超市 城市 股市 上市 门市 社区 小区")

// suffix gives the length of the longest ending at i that has at least one
// character of a name before it.
func suffix(r []rune, i, start int, endings lexicon) int {
	if i <= start {
		return 0
	}
	return endings.at(r, i)
}

// numberPiece reads 12号, 三单元, A座 at i: where its unit begins and where it
// ends, 0 if there is none.
func numberPiece(r []rune, i, upto int) (unit, end int) {
	end = i
	for end < upto && end-i < 8 {
		_, _, ok := digit(r[end])
		if !ok && r[end] != '十' && r[end] != '百' && r[end] != '-' && !(isLetter(r[end]) && end-i < 2) {
			break
		}
		end++
	}
	if end == i || r[i] == '-' {
		return 0, 0
	}
	if n := numberUnits.at(r, end); n > 0 && end+n <= upto {
		return end, end + n
	}
	return 0, 0
}

// roomAfter takes in a bare room number after a unit: 3单元501, 12号-2-301.
func roomAfter(r []rune, end, upto int) int {
	i := end
	if i < upto && r[i] == '-' {
		i++
	}
	from := i
	for i < upto && i-from < 9 && (isDigit(r[i]) || r[i] == '-' && i > from) {
		i++
	}
	if i-from < 1 || i < upto && isLetter(r[i]) {
		return end
	}
	if _, n := numberPiece(r, from, upto); n > 0 {
		return end
	}
	if i-from > 6 || counts(r, i) {
		return end
	}
	return i
}
