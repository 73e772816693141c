package llm

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Instructs reports whether a text speaks to the machine that will read it;
// see Answer.Injected.
func Instructs(text string) bool { return injected([]string{text}) }

// injected reports whether texts speak to the machine that will read them:
// commands to a model or a reviewing system, forged roles, fences or answers,
// and text hidden from people. It is a flag for officers, who may ask why
// somebody wrote that; no verdict depends on it.
func injected(texts []string) bool {
	for _, text := range texts {
		if hides(text) || forged.MatchString(strings.ToLower(norm.NFKC.String(text))) || commands(bare(text)) || encoded(text) {
			return true
		}
	}
	return false
}

// forged are the marks of machines: roles, templates, tags, our own fences,
// answers in our own form.
var forged = regexp.MustCompile(`(?im)` + strings.Join([]string{
	`<\|?(?:im_start|im_end|endoftext|system|assistant|user)\|?>`,
	`\[/?inst\]|<<sys>>`,
	`(?:^|[\s"'“（(【:,;.!?。、])(?:system|assistant|developer)\s*(?:prompt|message)?\s*[:]`,
	`#{2,}\s*(?:system|instruction|指令|系统)`,
	`</?\s*(?:untrusted|data|input|document|context|instructions?|数据|材料)[^<>\n]{0,20}>`,
	`[〈<‹]\s*/?\s*(?:数据|示例)\s*-`,
	`(?:^|[\s:,;.!?。、])[\[【]\s*s\d{1,4}\s+(?:坐席|客户|机器人|消息|页面|答复)`,
	`["'“]\s*(?:judgements|shown|label|verdict|anchor|indicator|certainty|judgments|判定|结论)\s*["'”]\s*:`,
	"```\\s*json",
}, "|"))

// What commands are made of, in text without blanks and signs.
var (
	ignores = regexp.MustCompile(`(?:忽略|无视|忘记|忘掉|抛开|跳过|不要(?:理会|遵守|执行|管|再看)|不必(?:理会|遵守)|绕过|覆盖|推翻|清除)` +
		`.{0,10}(?:指令|提示词|系统提示|命令|规则|设定|约束|系统要求|后面的内容|安全策略|(?:以上|之前|前面|上面|上述|先前|原来|所有|全部).{0,6}(?:提示|要求|内容|限制|设置))`)
	addressed = regexp.MustCompile(`(?:审核|审查|复核|质检|风控|检测|判定|评估|分类|归类|摘录|摘要|解释|写作)(?:模型|ai|机器人|系统|程序|助手|引擎)|ai(?:审核|审查|复核|质检|风控|评估)|大语言模型|大模型|语言模型|人工智能助手|ai助手|ai模型|各位ai|亲爱的ai|llm|gpt|chatgpt`)
	orders    = regexp.MustCompile(`(?:请|务必|必须|直接|一律|只能|应当|应该|要|立即).{0,8}(?:判定|判为|判成|标记|标注|输出|返回|回答|回复|认定|归为|打分|给出|写)` + `|视为(?:合规|正常|通过)`)
	verdicts  = regexp.MustCompile(`(?:判定|判为|判成|标记为?|标注为?|输出|返回|认定|归为|回答|回复)(?:[为是成：:]|结果)?.{0,6}(?:合规|无风险|无违规|不违规|没有(?:问题|风险|违规)|正常|通过|低风险|安全|json|否|高风险)`)
	dictates  = regexp.MustCompile(`(?:一律|直接|请|执行).{0,4}(?:填|写|归类为|归为|返回空|不要(?:摘录|提及|列出)|勿(?:摘录|提及|列出))`)
	becomes   = regexp.MustCompile(`(?:你现在是|从现在(?:起|开始)(?:，|,)?你(?:是|将|要|必须)|你的(?:新)?(?:身份|角色|任务)(?:是|变)|假装你是|请?扮演|进入.{0,6}模式|开发者模式|越狱)`)
	tells     = regexp.MustCompile(`系统提示词?|systemprompt|你的提示词|(?:输出|复述|打印|透露|告诉我|重复).{0,6}(?:系统提示|提示词|口令|上面的(?:指令|内容)|初始指令)`)
	english0  = regexp.MustCompile(`(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|previous|prior|above|earlier|preceding|of|my|these|those|every){1,5}(?:instruction|prompt|rule|command|direction|guideline|text|context)` +
		`|youarenow|actasa|pretendtobe|newinstructions?|(?:classify|mark|label|rate|output|respond|answer|return)(?:this|it|the|with|as|only|conversation|text|call|call|transcript|everything|all){0,5}(?:compliant|safe|lowrisk|norisk|noviolation|json)|jailbreak|doanythingnow|revealyour|repeattheabove`)
)

// commands reports whether a text gives orders to a machine.
func commands(text string) bool {
	switch {
	case ignores.MatchString(text), becomes.MatchString(text) && (addressed.MatchString(text) || orders.MatchString(text) || verdicts.MatchString(text)),
		tells.MatchString(text), english0.MatchString(text):
		return true
	}
	return inReach(text, addressed, orders) || inReach(text, addressed, verdicts) || inReach(text, addressed, dictates) ||
		verdicts.MatchString(text) && orders.MatchString(text) && strings.Contains(text, "合规")
}

// inReach reports whether both stand near each other, in either order.
func inReach(text string, a, b *regexp.Regexp) bool {
	const reach = 120                        // bytes, some forty characters
	others := b.FindAllStringIndex(text, -1) // in order, so that one pass over both is enough
	for _, at := range a.FindAllStringIndex(text, -1) {
		for len(others) > 0 && at[0]-others[0][1] >= reach {
			others = others[1:]
		}
		if len(others) > 0 && others[0][0]-at[1] < reach {
			return true
		}
	}
	return false
}

// bare is a text in lower case without blanks, signs and invisible
// characters, in which words cannot be pulled apart.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(text))
}

// hides reports whether a text holds characters that people do not see:
// several zero-width ones, tags, or turns of direction.
func hides(text string) bool {
	zero := 0
	for _, r := range text {
		switch {
		case r >= 0xE0000 && r <= 0xE007F, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return true
		case r == 0x200B || r == 0x200C || r == 0x2060 || r == 0xFEFF:
			if zero++; zero >= 3 {
				return true
			}
		}
	}
	return false
}

var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{24,}={0,2}`)

// encoded reports whether a text holds words written in base64.
func encoded(text string) bool {
	for _, run := range base64Run.FindAllString(text, 8) {
		run = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(run)
		plain, err := base64.RawStdEncoding.DecodeString(run[:len(run)-len(run)%4])
		if err == nil && utf8.Valid(plain) && readable(string(plain)) {
			return true
		}
	}
	return false
}

// readable reports whether bytes are words and not chance.
func readable(text string) bool {
	letters, all := 0, 0
	for _, r := range text {
		all++
		switch {
		case unicode.IsControl(r) && r != '\n':
			return false
		case unicode.Is(unicode.Han, r) || unicode.IsLetter(r) && r < 0x80 || r == ' ':
			letters++
		}
	}
	return letters*10 >= all*8
}
