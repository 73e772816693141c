package report

import (
	"strings"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// Names turn codes into what people call things, for readers who do not have
// the system before them. What has no name keeps its code.
type Names struct {
	Users map[casework.Actor]string
	Orgs  map[string]string
	Book  *rulebook.Book
}

func (n Names) user(id casework.Actor) string {
	if name := n.Users[id]; name != "" {
		return name
	}
	return string(id)
}

func (n Names) org(id string) string {
	if name := n.Orgs[id]; name != "" {
		return name
	}
	return id
}

// products are names of what the rulebook asks no disclosures of.
var products = map[string]string{
	"any": "通用", "consumer_loan": "个人消费贷款", "credit_card": "信用卡", "wealth": "理财产品", "deposit": "存款", "insurance": "保险",
}

func (n Names) product(code string) string {
	if n.Book != nil {
		if d, ok := n.Book.Disclosure(code); ok && d.Title.Zh != "" {
			return d.Title.Zh
		}
	}
	if name := products[code]; name != "" {
		return name
	}
	return code
}

var engines = map[casework.Engine]string{
	casework.ByRule: "规则判定", casework.ByLocal: "本地模型判定", casework.ByLLM: "大模型判定", casework.ByHuman: "人工判定",
}

func engine(e casework.Engine) string {
	if name := engines[e]; name != "" {
		return name
	}
	return string(e)
}

// element is the title of an element of the report.
func (r Report) element(id string) string {
	for _, e := range r.Elements {
		if e.ID == id && e.Title.Zh != "" {
			return e.Title.Zh
		}
	}
	return id
}

// basis writes references with the titles of what they refer to, such as
// "R12 《…》 3".
func (n Names) basis(refs []string) string {
	cited := make([]string, len(refs))
	for i, ref := range refs {
		cited[i] = n.cite(ref)
	}
	return strings.Join(cited, "；")
}

func (n Names) cite(basis string) string {
	if n.Book == nil {
		return basis
	}
	ref, article, _ := strings.Cut(basis, " ")
	title := ""
	if r, ok := n.Book.Regulation(ref); ok {
		title = r.Title.Zh
	} else if d, ok := n.Book.Deadline(ref); ok {
		title = d.Title.Zh
	}
	if title == "" {
		return basis
	}
	if !strings.HasPrefix(title, "《") {
		title = "《" + title + "》"
	}
	return strings.TrimSpace(ref + " " + title + " " + article)
}
