package consoletest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"xiaobao/casework"
	"xiaobao/privacy"
	"xiaobao/unaided"
)

// models is what the fake desk keeps about models.
type models struct {
	switches      map[string]casework.ModelSwitch
	calls         []casework.ModelCall
	evaluations   []casework.FiledEvaluation
	consultations []consultation
	counts        map[string]casework.CascadeCount
}

type consultation struct {
	casework.Consultation
	document casework.Document
	looked   int // it is answered at the second look
}

func someModels() models {
	at := Now.Add(-time.Hour)
	call := func(n time.Duration, c casework.ModelCall) casework.ModelCall {
		c.At, c.Stage, c.Endpoint, c.Asked, c.Prompt = at.Add(n*time.Minute), casework.CallEnded, "primary", "qwen-plus", "judge.v1"
		c.Purpose, c.Case, c.PromptHash = casework.ToJudge, "i-7f3a", strings.Repeat("5c", 32)
		c.Currency, c.Prices = "USD", "2026-11"
		return c
	}
	score := casework.Evaluation{Task: "screen", Engine: "cascade", At: at, Rulebook: "2026.11.1#1a2b3c4d", Model: "fake-rules-v1", DataHash: strings.Repeat("ab", 32), Local: "char@1#5e6f7a8b"}
	for range 8 {
		score.Count([]string{"tm_guarantee_return"}, nil, []string{"tm_guarantee_return"})
		score.Count(nil, nil, nil)
	}
	score.Count([]string{"tm_guarantee_return"}, nil, nil)
	score.Count(nil, nil, []string{"tm_guarantee_return"})
	score.Usage = &casework.ModelUsage{Calls: 4, Asked: 3, Stated: 3, Grounded: 3, Cost: 0.002, Currency: "USD"}
	score.Flips = []casework.FlipRate{{Change: "name", Tried: 5}, {Change: "injection", Tried: 18}}
	score.Finish()
	return models{
		switches: map[string]casework.ModelSwitch{},
		calls: []casework.ModelCall{
			call(3, casework.ModelCall{ID: "c-3", Answered: "qwen-plus-2026-09", Took: 1800 * time.Millisecond, TokensIn: 2140, TokensOut: 180, Cost: 0.00042, Stated: 2, Grounded: 2, Injection: true}),
			call(2, casework.ModelCall{ID: "c-2", Took: 30 * time.Second, Trouble: casework.TroubleAway}),
			call(1, casework.ModelCall{ID: "c-1", Answered: "qwen-plus-2026-09", Cached: true, Stated: 1, Grounded: 1}),
		},
		evaluations: []casework.FiledEvaluation{{ID: "e-1", By: "u-admin", At: at, Name: "筛查留出集", Body: score}},
		counts: map[string]casework.CascadeCount{"i-7f3a": {
			Plan:  casework.CascadePlan{Local: "char@1#5e6f7a8b", Model: "qwen-plus", Share: 0.05, Batch: 50},
			Rules: 4, Local: 1, Undecided: 6, Asked: 4, Shown: 1, Cleared: 2, People: 2, Left: 1,
			Troubles: map[casework.ModelTrouble]int{casework.TroubleAway: 1},
		}},
	}
}

// Models is where all engines stand.
func (d *Desk) Models(_ context.Context, u casework.User) (casework.ModelsStanding, error) {
	if err := u.Permit(casework.ViewModels); err != nil {
		return casework.ModelsStanding{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	standing := casework.ModelsStanding{
		Endpoints: []casework.ModelStanding{
			{Endpoint: "primary", Configured: true, Model: "qwen-plus", Dialect: "dashscope", Host: "dashscope.example.cn", Today: casework.ModelDay{
				Endpoint: "primary", Calls: 3, Failed: 1, Tokens: 2320, Cost: 0.00042, Currency: "USD", Limit: casework.ModelBudget{Tokens: 200_000},
			}},
			{Endpoint: "second"},
		},
		Local: "char@1#5e6f7a8b", Masking: "mask@1", Share: 0.05,
	}
	for i := range standing.Endpoints {
		if s, ok := d.models.switches[standing.Endpoints[i].Endpoint]; ok {
			standing.Endpoints[i].Switch = &s
		}
	}
	if s, ok := d.models.switches[casework.AllModels]; ok {
		standing.All = &s
	}
	return standing, nil
}

// ModelCalls lists calls, the last first.
func (d *Desk) ModelCalls(_ context.Context, u casework.User, f casework.ModelCallFilter, _ casework.PageRequest) (casework.Listing[casework.ModelCall], error) {
	if err := u.Permit(casework.ViewModels); err != nil {
		return casework.Listing[casework.ModelCall]{}, err
	}
	rows := slices.DeleteFunc(slices.Clone(d.models.calls), func(c casework.ModelCall) bool {
		return f.Failed && c.Trouble == "" || f.Endpoint != "" && c.Endpoint != f.Endpoint || f.Purpose != "" && c.Purpose != f.Purpose || f.Case != "" && c.Case != f.Case
	})
	return casework.Listing[casework.ModelCall]{Rows: rows, Total: len(rows)}, nil
}

// SwitchModel turns a model off or on.
func (d *Desk) SwitchModel(_ context.Context, u casework.User, endpoint string, off bool, reason string) error {
	if err := u.Permit(casework.SwitchModels); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.models.switches[endpoint] = casework.ModelSwitch{Endpoint: endpoint, Off: off, By: u.ID, At: Now, Reason: reason}
	return nil
}

// LocalModels are the versions of the local model.
func (d *Desk) LocalModels(_ context.Context, u casework.User) ([]casework.LocalModel, error) {
	return []casework.LocalModel{{
		Version: "char@1#5e6f7a8b", Report: json.RawMessage(`{"examples":1776}`), PublishedBy: "u-admin", PublishedAt: Now.AddDate(0, -1, 0), Active: true,
	}}, u.Permit(casework.ViewModels)
}

// WithoutModel has an inspection drawn while no model was configured.
func (d *Desk) WithoutModel(inspection string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	count := d.models.counts[inspection]
	count.Plan.Model, count.Asked, count.Shown, count.Cleared = "", 0, 0, 0
	count.Troubles = map[casework.ModelTrouble]int{casework.TroubleNone: count.Undecided}
	d.models.counts[inspection] = count
}

// Cascade says what decided an inspection.
func (d *Desk) Cascade(_ context.Context, u casework.User, inspection string) (*casework.CascadeCount, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if count, ok := d.models.counts[inspection]; ok {
		return &count, u.Permit(casework.ViewInspections)
	}
	return nil, u.Permit(casework.ViewInspections)
}

// Evaluations lists evaluations.
func (d *Desk) Evaluations(_ context.Context, u casework.User, _ casework.PageRequest) (casework.Listing[casework.FiledEvaluation], error) {
	return casework.Listing[casework.FiledEvaluation]{Rows: d.models.evaluations, Total: len(d.models.evaluations)}, u.Permit(casework.ViewModels)
}

// Evaluation is one of them.
func (d *Desk) Evaluation(_ context.Context, u casework.User, id string) (casework.FiledEvaluation, error) {
	for _, e := range d.models.evaluations {
		if e.ID == id {
			return e, u.Permit(casework.ViewModels)
		}
	}
	return casework.FiledEvaluation{}, casework.Errorf(casework.NotFound, "there is no evaluation %s", id)
}

// Consult has a text read by the rules.
func (d *Desk) Consult(_ context.Context, u casework.User, request string, p casework.Purpose, doc casework.Document) (string, error) {
	if err := u.Permit(casework.Consult); err != nil {
		return "", err
	}
	answer, engine, err := unaided.New(d.book, d.engine).Answer(p, doc)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(answer)
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	id := "k-" + request
	if !slices.ContainsFunc(d.models.consultations, func(c consultation) bool { return c.ID == id }) {
		d.models.consultations = append(d.models.consultations, consultation{document: doc, Consultation: casework.Consultation{
			ID: id, Purpose: p, OrgID: u.OrgID, By: u.ID, At: Now, Status: casework.ConsultationAsked,
			Engine: engine, Version: unaided.Version, Trouble: casework.TroubleNone, Answer: data,
		}})
	}
	return id, nil
}

// Consultation is one with personal data masked; at the first look it is
// still being read.
func (d *Desk) Consultation(_ context.Context, u casework.User, id string) (casework.Consultation, casework.Document, error) {
	found, doc, err := d.look(u, id, casework.Consult)
	doc.Text, found.Answer = privacy.Mask(doc.Text), json.RawMessage(privacy.Mask(string(found.Answer)))
	return found, doc, err
}

// RevealConsultation is the same unmasked.
func (d *Desk) RevealConsultation(_ context.Context, u casework.User, id string) (casework.Consultation, casework.Document, error) {
	return d.look(u, id, casework.RevealPersonal)
}

// Trial is what the rules make of it, and a text without personal data.
func (d *Desk) Trial(_ context.Context, u casework.User, id string) (casework.Trial, error) {
	_, doc, err := d.look(u, id, casework.Consult)
	t := casework.Touchpoint{ID: "trial", Channel: doc.Channel, Text: doc.Text}
	return casework.Trial{
		Rules: d.engine.NewScreener().Screen(&t), Local: "char@1#5e6f7a8b", Sent: privacy.NewMasker(nil).Document().Mask(doc.Text).Text,
		Guesses: []casework.Guess{{Suspicion: casework.Suspicion{Indicator: "tm_guarantee_return", Certainty: 0.41}}},
	}, err
}

func (d *Desk) look(u casework.User, id string, needs casework.Action) (casework.Consultation, casework.Document, error) {
	if err := u.Permit(needs); err != nil {
		return casework.Consultation{}, casework.Document{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.models.consultations {
		c := &d.models.consultations[i]
		if c.ID != id {
			continue
		}
		if c.looked++; c.looked == 1 {
			waiting := c.Consultation
			waiting.Answer, waiting.Engine, waiting.Trouble = nil, "", ""
			return waiting, c.document, nil
		}
		c.Status, c.EndedAt = casework.ConsultationAnswered, &Now
		return c.Consultation, c.document, nil
	}
	return casework.Consultation{}, casework.Document{}, casework.Errorf(casework.NotFound, "there is no consultation %s", id)
}

// Consultations lists them, the last first.
func (d *Desk) Consultations(_ context.Context, u casework.User, _ casework.PageRequest) (casework.Listing[casework.Consultation], error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var rows []casework.Consultation
	for _, c := range d.models.consultations {
		rows = append(rows, c.Consultation)
	}
	slices.Reverse(rows)
	return casework.Listing[casework.Consultation]{Rows: rows, Total: len(rows)}, u.Permit(casework.Consult)
}
