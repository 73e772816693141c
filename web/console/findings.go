package console

import (
	"net/url"
	"slices"
	"strings"

	"xiaobao/casework"
	"xiaobao/desk"
)

type findingsPage struct {
	Base
	list
	Items       []findingView
	Form        fields
	Inspections []casework.Inspection
	Units       []unit
	Levels      []casework.Level
	Statuses    []casework.FindingStatus
	Channels    []casework.Channel
	Reasons     []casework.DismissReason
	Open        bool // some rows still wait for a decision
	Mixed       bool // rows may be of several inspections
}

// InspectionName is what an inspection of the list is called.
func (p findingsPage) InspectionName(id string) string {
	for _, i := range p.Inspections {
		if i.ID == id {
			return i.Name
		}
	}
	return short(id)
}

var findingFilters = []string{"inspection", "item", "indicator", "status", "level", "channel", "engine", "org", "agent", "search"}

// findings lists what inspections saw.
func (c *Console) findings(v *visit) (reply, error) {
	page := findingsPage{
		list: v.list("/findings"), Units: v.units(), Levels: casework.Levels(), Statuses: casework.FindingStatuses(),
		Channels: casework.Channels(), Reasons: casework.DismissReasons(),
	}
	if v.Method == "POST" { // a refused decision is shown on the list it was taken from
		query, err := url.ParseQuery(v.text("query"))
		if err != nil {
			query = nil
		}
		page.Query, page.Words = query, v.recall(query.Get("s"))
	}
	page.Name = "findings"
	filter, err := page.findingFilter()
	if err != nil {
		return reply{}, err
	}
	rows, err := c.Desk.Findings(v.Context(), v.User, filter, page.page())
	if err != nil {
		return reply{}, err
	}
	for _, f := range rows.Rows {
		page.Items = append(page.Items, c.findingView(f, v.Lang))
		page.Open = page.Open || f.Status == casework.FindingCandidate
	}
	page.filled(len(rows.Rows), rows.Total, rows.Next)
	inspections, err := c.Desk.Inspections(v.Context(), v.User, casework.InspectionFilter{}, casework.PageRequest{Limit: 100})
	if err != nil {
		return reply{}, err
	}
	page.Inspections = inspections.Rows
	page.Mixed, page.Form = filter.Inspection == "", v.fields(nil)
	if err := page.finish(v); err != nil {
		return reply{}, err
	}
	page.Base = v.base("findings.title")
	return show("findings", page)
}

func (l list) findingFilter() (casework.FindingFilter, error) {
	f := casework.FindingFilter{
		Inspection: l.Get("inspection"), Item: l.Get("item"), Indicator: l.Get("indicator"),
		Orgs: l.Query["org"], Agent: l.Get("agent"), Search: l.Get("search"),
	}
	for _, name := range l.Query["status"] {
		f.Status = append(f.Status, casework.FindingStatus(name))
	}
	for _, name := range l.Query["engine"] {
		f.Engines = append(f.Engines, casework.Engine(name))
	}
	for _, name := range l.Query["channel"] {
		f.Channels = append(f.Channels, casework.Channel(name))
	}
	for _, name := range l.Query["level"] {
		level, err := casework.ParseLevel(name)
		if err != nil {
			return f, err
		}
		f.Levels = append(f.Levels, level)
	}
	return f, nil
}

func (c *Console) filterFindings(v *visit) (reply, error) {
	return v.filter("/findings", findingFilters...)
}

func (c *Console) exportFindings(v *visit) (reply, error) {
	if err := v.User.Permit(casework.ViewInspections); err != nil {
		return reply{}, err
	}
	filter, err := v.list("/findings").findingFilter()
	if err != nil {
		return reply{}, err
	}
	type row = casework.Finding
	columns := []column[row]{
		{"column.id", func(f row) any { return f.ID }},
		{"column.inspection", func(f row) any { return f.Inspection }},
		{"column.item", func(f row) any { return f.Item }},
		{"column.indicator", func(f row) any { return f.Indicator }},
		{"column.title", func(f row) any { return c.indicator(f.Indicator, f.Title, v.Lang) }},
		{"column.level", func(f row) any { return nameIn(v.Lang, f.Level) }},
		{"column.status", func(f row) any { return nameIn(v.Lang, f.Status) }},
		{"column.touchpoint", func(f row) any { return f.Touchpoint }},
		{"column.channel", func(f row) any { return nameIn(v.Lang, f.Channel) }},
		{"column.occurred_at", func(f row) any { return f.OccurredAt }},
		{"column.org", func(f row) any { return v.org(f.OrgID) }},
		{"column.agent", func(f row) any { return f.AgentID }},
		{"column.evidence", func(f row) any { return quotes(f.Evidence) }},
		{"column.basis", func(f row) any { return joined(f.Basis) }},
		{"column.engine", func(f row) any { return string(f.Engine) }},
		{"column.version", func(f row) any { return f.Version }},
		{"column.decided_by", func(f row) any { return decider(v, f.DecidedBy) }},
		{"column.decided_at", func(f row) any { return f.DecidedAt }},
		{"column.reason", func(f row) any { return nameIn(v.Lang, f.Reason) }},
		{"column.note", func(f row) any { return f.Note }},
	}
	return export(v, "findings", columns, func(p casework.PageRequest) (casework.Listing[row], error) {
		return c.Desk.Findings(v.Context(), v.User, filter, p)
	})
}

func quotes(evidence []casework.Evidence) string {
	texts := make([]string, len(evidence))
	for i, e := range evidence {
		texts[i] = e.Quote
	}
	return strings.Join(texts, " … ")
}

func decider(v *visit, by casework.Actor) string {
	if by == "" {
		return ""
	}
	return v.person(by)
}

// decideFindings decides the chosen findings of a list. A box names its
// inspection and its finding, since a list may show several inspections.
func (c *Console) decideFindings(v *visit) (reply, error) {
	chosen := map[string][]string{}
	for _, value := range v.texts("finding") {
		inspection, finding, _ := strings.Cut(value, " ")
		chosen[inspection] = append(chosen[inspection], finding)
	}
	request := v.verdict()
	var all []string
	for _, findings := range chosen {
		all = append(all, findings...)
	}
	if request.Verdict == casework.Merge { // what the others go into is often ticked as well
		all = slices.DeleteFunc(all, func(id string) bool { return id == request.MergeInto })
	}
	if err := casework.CheckVerdict(request.Verdict, all, request.Reason, request.MergeInto, request.Note != ""); err != nil {
		return v.refused(err, c.findings)
	}
	var total casework.VerdictResult
	for inspection, findings := range chosen {
		one := request
		one.Findings = slices.DeleteFunc(findings, func(id string) bool { return request.Verdict == casework.Merge && id == request.MergeInto })
		one.RequestID = request.RequestID + "-" + inspection
		if len(one.Findings) == 0 {
			continue
		}
		result, err := c.Desk.Decide(v.Context(), v.User, inspection, one)
		if err != nil {
			return v.refused(err, c.findings)
		}
		total.Decided += result.Decided
		total.Left += result.Left
		total.Refused = append(total.Refused, result.Refused...)
	}
	v.tell(total)
	query, err := url.ParseQuery(v.text("query"))
	if err != nil || len(query) == 0 {
		return goTo("/findings")
	}
	return goTo("/findings?" + query.Encode())
}

// verdict reads what was decided.
func (v *visit) verdict() desk.VerdictRequest {
	return desk.VerdictRequest{
		Verdict: casework.Verdict(v.text("verdict")), Reason: casework.DismissReason(v.text("reason")),
		MergeInto: v.text("merge_into"), Note: v.text("note"), RequestID: v.text("request_id"),
		Overrule: v.text("overrule") == "1",
	}
}

// tell says what came of a verdict, and which findings it did not reach.
func (v *visit) tell(r casework.VerdictResult) {
	if len(r.Refused) == 0 {
		v.say("findings.decided", r.Decided, r.Left)
		return
	}
	lines := []string{v.t("findings.partly", r.Decided, len(r.Refused))}
	var whys []string // in the order in which they came up
	counts := map[string]int{}
	for _, refused := range r.Refused {
		why := v.t("findings.refused_by", v.person(refused.By))
		if refused.By == "" {
			why = wordIn(v.console.words, v.Lang, "refusal", refused.Why)
		}
		if counts[why]++; counts[why] == 1 {
			whys = append(whys, why)
		}
	}
	for _, why := range whys {
		lines = append(lines, v.t("findings.refused", counts[why], why))
	}
	v.warn(strings.Join(lines, " "))
}
