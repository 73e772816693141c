package console

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"xiaobao/casework"
)

// modelRoutes are what stands beyond the rules: models, what they are asked,
// and how well each engine does.
func (c *Console) modelRoutes() []route {
	return []route{
		{pattern: "GET /consult", page: c.consult, needs: casework.Consult},
		{pattern: "POST /consult", page: c.askConsultation, needs: casework.Consult, form: "/consult"},
		{pattern: "GET /consultations/{id}", page: c.consultation, needs: casework.Consult},
		{pattern: "GET /consultations/{id}/progress", page: c.consultationProgress, needs: casework.Consult},
		{pattern: "POST /consultations/{id}/reveal", page: c.revealConsultation, needs: casework.RevealPersonal, form: "/consultations/{id}"},

		{pattern: "GET /models", page: c.models, needs: casework.ViewModels},
		{pattern: "POST /models/{endpoint}/switch", page: c.switchModel, needs: casework.SwitchModels, form: "/models"},
		{pattern: "GET /models/calls", page: c.modelCalls, needs: casework.ViewModels},
		{pattern: "GET /models/calls/export", page: c.exportModelCalls, needs: casework.ViewModels},

		{pattern: "GET /evaluations", page: c.evaluations, needs: casework.ViewModels},
		{pattern: "GET /evaluations/{id}", page: c.evaluation, needs: casework.ViewModels},
	}
}

type modelsPage struct {
	Base
	Standing casework.ModelsStanding
	Locals   []localModel
	Calls    []casework.ModelCall
	Form     fields
	At       string // the endpoint whose switch was refused
}

// A localModel is a version of the local model, with what its report says.
type localModel struct {
	casework.LocalModel
	Facts []fact
}

// A fact is a line of a report.
type fact struct{ Name, Value string }

// Endpoint is where an endpoint stands, by its name.
func (p modelsPage) Endpoint(name string) casework.ModelStanding {
	for _, e := range p.Standing.Endpoints {
		if e.Endpoint == name {
			return e
		}
	}
	return casework.ModelStanding{Endpoint: name}
}

// Off reports whether an endpoint is off, by itself or with all.
func (p modelsPage) Off(e casework.ModelStanding) bool {
	return e.Switch != nil && e.Switch.Off || p.AllOff()
}

// AllOff reports whether every model is off.
func (p modelsPage) AllOff() bool { return p.Standing.All != nil && p.Standing.All.Off }

// Any reports whether an endpoint is configured at all.
func (p modelsPage) Any() bool {
	return slices.ContainsFunc(p.Standing.Endpoints, func(e casework.ModelStanding) bool { return e.Configured })
}

// Spent is the larger share of today's budget that is used, 0 to 100; -1
// without a budget.
func (p modelsPage) Spent(e casework.ModelStanding) int {
	share := -1.0
	if limit := e.Today.Limit.Tokens; limit > 0 {
		share = max(share, float64(e.Today.Tokens)/float64(limit))
	}
	if limit := e.Today.Limit.Cost; limit > 0 {
		share = max(share, e.Today.Cost/limit)
	}
	if share < 0 {
		return -1
	}
	return int(100 * min(1, share))
}

// models is where each engine stands today.
func (c *Console) models(v *visit) (reply, error) {
	ctx := v.Context()
	page := modelsPage{Form: v.fields(nil), At: v.PathValue("endpoint")}
	var err error
	if page.Standing, err = c.Desk.Models(ctx, v.User); err != nil {
		return reply{}, err
	}
	locals, err := c.Desk.LocalModels(ctx, v.User)
	if err != nil {
		return reply{}, err
	}
	for _, m := range locals {
		page.Locals = append(page.Locals, localModel{m, factsOf(v, m.Report)})
	}
	calls, err := c.Desk.ModelCalls(ctx, v.User, casework.ModelCallFilter{}, casework.PageRequest{Limit: 8})
	if err != nil {
		return reply{}, err
	}
	page.Calls = calls.Rows
	page.Base = v.base("models.title")
	return show("models", page)
}

// factsOf are the figures at the top of a report that the console has words for.
func factsOf(v *visit, report json.RawMessage) []fact {
	var values map[string]any
	if json.Unmarshal(report, &values) != nil {
		return nil // a report of another make says nothing here
	}
	var facts []fact
	for _, name := range slices.Sorted(mapsKeys(values)) {
		number, ok := values[name].(float64)
		if key := "local_report." + name; ok && v.console.words.knows(v.Lang, key) {
			facts = append(facts, fact{v.t(key), strconv.FormatFloat(number, 'g', 4, 64)})
		}
	}
	return facts
}

// switchModel turns a model off or on, with a reason.
func (c *Console) switchModel(v *visit) (reply, error) {
	endpoint, off := v.PathValue("endpoint"), v.text("to") == "off"
	reason := v.text("reason")
	if reason == "" {
		return v.refused(badField("reason", "say why", "请填写原因"), c.models)
	}
	if err := c.Desk.SwitchModel(v.Context(), v.User, endpoint, off, reason); err != nil {
		return v.refused(err, c.models)
	}
	if off {
		v.say("models.turned_off")
	} else {
		v.say("models.turned_on")
	}
	return goTo("/models")
}

type modelCallsPage struct {
	Base
	list
	Items    []casework.ModelCall
	Purposes []casework.Purpose
}

// modelCalls lists what models were asked: when, for what, and how it went;
// never the words.
func (c *Console) modelCalls(v *visit) (reply, error) {
	page := modelCallsPage{list: v.list("/models/calls"), Purposes: casework.Purposes()}
	rows, err := c.Desk.ModelCalls(v.Context(), v.User, page.callFilter(), page.page())
	if err != nil {
		return reply{}, err
	}
	page.Items = rows.Rows
	page.filled(len(rows.Rows), rows.Total, rows.Next)
	page.Export = "/models/calls/export"
	page.Base = v.base("calls.title")
	return show("model_calls", page)
}

func (l list) callFilter() casework.ModelCallFilter {
	return casework.ModelCallFilter{
		Endpoint: l.Get("endpoint"), Purpose: casework.Purpose(l.Get("purpose")), Case: l.Get("case"), Failed: l.Get("failed") == "1",
	}
}

func (c *Console) exportModelCalls(v *visit) (reply, error) {
	filter := v.list("/models/calls").callFilter()
	type call = casework.ModelCall
	columns := []column[call]{
		{"column.at", func(m call) any { return m.At }},
		{"calls.purpose", func(m call) any { return wordIn(c.words, v.Lang, "purpose", string(m.Purpose)) }},
		{"calls.case", func(m call) any { return m.Case }},
		{"calls.endpoint", func(m call) any { return wordIn(c.words, v.Lang, "endpoint", m.Endpoint) }},
		{"calls.asked", func(m call) any { return m.Asked }},
		{"calls.answered", func(m call) any { return m.Answered }},
		{"calls.prompt", func(m call) any { return m.Prompt + "#" + short(m.PromptHash) }},
		{"calls.trouble", func(m call) any { return wordIn(c.words, v.Lang, "trouble", string(m.Trouble)) }},
		{"calls.took", func(m call) any { return m.Took.Seconds() }},
		{"calls.tokens_in", func(m call) any { return m.TokensIn }},
		{"calls.tokens_out", func(m call) any { return m.TokensOut }},
		{"calls.cost", func(m call) any { return m.Cost }},
		{"calls.currency", func(m call) any { return m.Currency }},
		{"calls.stated", func(m call) any { return m.Stated }},
		{"calls.grounded", func(m call) any { return m.Grounded }},
		{"calls.injection", func(m call) any { return m.Injection }},
		{"calls.cached", func(m call) any { return m.Cached }},
		{"calls.input_hash", func(m call) any { return m.InputHash }},
		{"calls.output_hash", func(m call) any { return m.OutputHash }},
	}
	return export(v, "model-calls", columns, func(p casework.PageRequest) (casework.Listing[call], error) {
		return c.Desk.ModelCalls(v.Context(), v.User, filter, p)
	})
}

// consultationPath is the address of a consultation.
func consultationPath(id string) string { return "/consultations/" + url.PathEscape(id) }
