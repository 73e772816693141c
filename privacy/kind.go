package privacy

// A Kind is a kind of personal data.
type Kind string

// The kinds.
const (
	Identity Kind = "id_card"   // 居民身份证, of old and new form, whole or miswritten
	Mobile   Kind = "mobile"    // 手机号
	Landline Kind = "landline"  // 固定电话
	BankCard Kind = "bank_card" // 银行卡号
	Account  Kind = "account"   // a number that is likely an account's, but proves nothing
	Email    Kind = "email"     // 邮箱
	WeChat   Kind = "wechat"    // 微信号
	QQ       Kind = "qq"        // QQ 号
	Plate    Kind = "plate"     // 车牌
	Passport Kind = "passport"  // 护照
	Permit   Kind = "permit"    // other papers: 通行证, 军官证, 驾驶证 …
	Name     Kind = "name"      // 姓名
	Address  Kind = "address"   // 详细地址
)

// labels are what tokens call the kinds.
var labels = map[Kind]string{
	Identity: "身份证", Mobile: "手机", Landline: "电话", BankCard: "银行卡", Account: "账号", Email: "邮箱", WeChat: "微信",
	QQ: "QQ", Plate: "车牌", Passport: "护照", Permit: "证件", Name: "姓名", Address: "地址",
}

// Kinds are all there are, in the order in which people list them.
func Kinds() []Kind {
	return []Kind{Name, Identity, Mobile, Landline, BankCard, Account, Email, WeChat, QQ, Plate, Passport, Permit, Address}
}

// A Span is personal data in a text. Start and End count Unicode code points.
type Span struct {
	Start int  `json:"start"`
	End   int  `json:"end"`
	Kind  Kind `json:"type"`
}
