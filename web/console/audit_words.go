package console

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"xiaobao/casework"
)

// auditActions are what the trail can hold, for the menu of its filter.
var auditActions = []string{
	"user.login", "user.login_failed", "user.token", "user.password",
	"inspection.start", "finding.decide", "question.answer", "inspection.submit", "inspection.confirm", "inspection.cancel", "inspection.close_failed",
	"touchpoint.reveal", "list.export", "report.export", "import.file", "import.run",
	"schedule.add", "schedule.change", "schedule.pause", "schedule.trigger", "schedule.delete",
	"consultation.ask", "consultation.reveal", "model.switch", "model.publish", "labels.export", "evaluation.file",
	"org.add", "respondent.set", "user.first", "user.add", "user.active", "user.reset",
}

// An auditView is an entry of the trail in words.
type auditView struct {
	casework.AuditEntry
	Thing string // what kind of thing it was done to; empty if that has no word
	Which string // which one
	Link  string // where to look at it; empty: nowhere
	Words []attributeView
}

// auditLinks are where the things of the trail are looked at.
var auditLinks = map[string]string{"inspection": "/inspections/", "touchpoint": "/touchpoints/", "question": "/questions/", "finding": "/findings/",
	"consultation": "/consultations/", "evaluation": "/evaluations/"}

// auditView puts an entry into words. What this build has no words for shows
// as it stands.
func (v *visit) auditView(e casework.AuditEntry) auditView {
	kind, id, _ := strings.Cut(e.Object, "/")
	view := auditView{AuditEntry: e, Which: e.Object, Words: v.auditDetail(e.Detail)}
	if !v.console.words.knows(v.Lang, "audit_object."+kind) {
		return view
	}
	view.Thing, view.Which = v.t("audit_object."+kind), short(id)
	switch kind {
	case "user":
		view.Which = v.person(casework.Actor(id))
	case "org":
		view.Which = v.org(id)
	case "model":
		view.Which = wordIn(v.console.words, v.Lang, "endpoint", id)
	case "list":
		view.Which = wordIn(v.console.words, v.Lang, "menu", id)
	case "import":
		if strings.HasPrefix(id, "imp-") {
			view.Link = "/imports/" + id
		} else {
			view.Which = wordIn(v.console.words, v.Lang, "kind", id)
		}
	}
	if base, ok := auditLinks[kind]; ok {
		view.Link = base + id
	}
	return view
}

// auditDetail is the detail of an entry by its parts.
func (v *visit) auditDetail(detail string) []attributeView {
	var parts map[string]any
	if json.Unmarshal([]byte(detail), &parts) != nil {
		return []attributeView{{Value: detail}}
	}
	var views []attributeView
	for _, name := range slices.SortedFunc(maps.Keys(parts), inOrder) {
		value := v.auditValue(name, parts[name])
		if value == "" {
			continue // nothing was said of it
		}
		views = append(views, attributeView{Name: name, Doc: wordIn(v.console.words, v.Lang, "audit_detail", name), Value: value})
	}
	return views
}

// auditOrder is the order in which parts of a detail are told; others follow.
var auditOrder = []string{"kind", "verdict", "outcome", "accept", "reason", "findings", "checklist", "items", "from", "to", "sample", "seed", "every", "window"}

func inOrder(a, b string) int {
	place := func(name string) int {
		if i := slices.Index(auditOrder, name); i >= 0 {
			return i
		}
		return len(auditOrder)
	}
	return cmp.Or(place(a)-place(b), strings.Compare(a, b))
}

// unlessSo are parts that only matter where something was asked for.
var unlessSo = []string{"overrule", "skip_invalid", "dry_run", "sample", "seed", "login_waits", "address_waits"}

func (v *visit) auditValue(name string, value any) string {
	if slices.Contains(unlessSo, name) && (value == false || value == 0.0) {
		return ""
	}
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		return v.yesOrNo(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case string:
		return v.auditText(name, value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// auditText puts a text of an entry's detail into words by what it is of.
func (v *visit) auditText(name, value string) string {
	words := v.console.words
	switch name {
	case "role":
		return nameIn(v.Lang, casework.Role(value))
	case "outcome":
		return nameIn(v.Lang, casework.ItemOutcome(value))
	case "reason":
		if value != "" {
			return nameIn(v.Lang, casework.DismissReason(value))
		}
	case "first", "into", "sha256":
		return short(value)
	case "checklist":
		if list, ok := v.console.Book.Checklist(value); ok {
			return list.Title.In(v.Lang)
		}
	case "verdict", "every", "window", "purpose":
		return wordIn(words, v.Lang, name, value)
	case "task", "engine":
		return wordIn(words, v.Lang, "eval_"+name, value)
	case "user":
		return v.person(casework.Actor(value))
	case "org", "parent":
		return v.org(value)
	case "kind":
		return wordIn(words, v.Lang, "org_kind", wordIn(words, v.Lang, "kind", value))
	}
	at, err := time.Parse(time.RFC3339Nano, value)
	switch {
	case err != nil:
		return value
	case name == "to": // the first moment that is not in it
		return string(casework.DayOf(at.Add(-time.Second)))
	case name == "from":
		return string(casework.DayOf(at))
	}
	return minuteOf(at)
}

func (v *visit) yesOrNo(yes bool) string {
	return v.t("answer." + strconv.FormatBool(yes))
}

// inWords are the parts of a detail in one line.
func inWords(parts []attributeView, comma string) string {
	return strings.Join(each(parts, func(a attributeView) string { return strings.TrimSpace(a.Doc + " " + a.Value) }), comma)
}
