package workflows_test

import (
	"errors"
	"slices"
	"sync"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// A registry stands in for activities and their database: it counts findings
// and questions as they would, and keeps a log.
type registry struct {
	sync.Mutex
	draw       workflows.Draw
	opened     workflows.InspectionOrder
	found      int // in each chunk and by each query
	candidates int
	questions  int
	unanswered int
	records    []casework.InspectionRecord
	tests      []workflows.ChunkTest
	queries    []workflows.QueryTest
	asked      []workflows.AskOrder
	verdicts   map[string]workflows.VerdictResult // by order
	decided    []casework.VerdictOrder
	scored     int
	filed      int

	calls    map[string]int
	failing  map[string]int           // attempts of an activity that fail yet
	refusing map[string]error         // an activity that cannot be done
	blocked  map[string]chan struct{} // an activity that does not come back by itself
}

// newRegistry is one with three chunks of 1,000 touchpoints, one finding each,
// an item by query and an item that asks.
func newRegistry() *registry {
	return &registry{
		draw: workflows.Draw{
			RulebookHash: "5f0c",
			Drawing: casework.Drawing{
				Touchpoints: 3000, Digest: "d16e57",
				Chunks: []casework.Chunk{{No: 1, Upto: 1000, Count: 1000}, {No: 2, After: 1000, Upto: 2000, Count: 1000}, {No: 3, After: 2000, Upto: 3000, Count: 1000}},
			},
			Items: []workflows.PlannedItem{
				{Item: "I-001", Method: casework.ByIndicators, Outcome: casework.ItemWaiting},
				{Item: "I-002", Method: casework.ByQuery, Outcome: casework.ItemWaiting},
				{Item: "I-003", Method: casework.ByAsking, Outcome: casework.ItemWaiting},
				{Item: "I-004", Method: casework.ByQuery, Outcome: casework.ItemNotRun},
			},
		},
		found: 1, questions: 1,
		verdicts: map[string]workflows.VerdictResult{}, calls: map[string]int{}, failing: map[string]int{},
	}
}

// called counts a call, and fails or blocks it if it is to.
func (r *registry) called(name string) error {
	r.Lock()
	r.calls[name]++
	failing, blocked := r.failing[name] > 0, r.blocked[name]
	r.failing[name]--
	r.Unlock()
	if blocked != nil {
		<-blocked
	}
	if err := r.refusing[name]; err != nil {
		return err
	}
	if failing {
		return errors.New("the database is away")
	}
	r.Lock()
	return nil
}

// work does an activity under the registry's lock.
func work[In, Out any](e env, r *registry, a workflows.Activity[In, Out], do func(In) (Out, error)) {
	serve(e, a, func(in In) (Out, error) {
		if err := r.called(a.Name); err != nil {
			var none Out
			return none, err
		}
		defer r.Unlock()
		return do(in)
	})
}

// serves registers the registry under the names of the activities.
func (r *registry) serves(e env) {
	work(e, r, workflows.OpenInspection, func(o workflows.InspectionOrder) (workflows.None, error) {
		r.opened = o
		return workflows.None{}, nil
	})
	work(e, r, workflows.DrawScope, func(workflows.InspectionOrder) (workflows.Draw, error) { return r.draw, nil })
	work(e, r, workflows.TestTouchpoints, func(t workflows.ChunkTest) (workflows.ChunkResult, error) {
		r.tests, r.candidates = append(r.tests, t), r.candidates+r.found
		return workflows.ChunkResult{Tested: t.Chunk.Count, Found: r.found}, nil
	})
	work(e, r, workflows.TestByQuery, func(t workflows.QueryTest) (workflows.ItemResult, error) {
		r.queries, r.candidates = append(r.queries, t), r.candidates+r.found
		return workflows.ItemResult{Item: t.Item, Tested: 10, Found: r.found}, nil
	})
	work(e, r, workflows.AskPeople, func(o workflows.AskOrder) (workflows.Asked, error) {
		r.asked, r.unanswered = append(r.asked, o), r.questions
		return workflows.Asked{Questions: r.questions}, nil
	})
	work(e, r, workflows.RecordInspection, r.record)
	work(e, r, workflows.RecordVerdict, r.decide)
	work(e, r, workflows.RecordAnswer, func(casework.AnswerOrder) (workflows.AnswerResult, error) {
		r.unanswered--
		return workflows.AnswerResult{Left: r.unanswered}, nil
	})
	work(e, r, workflows.ScoreInspection, func(string) (casework.InspectionScore, error) {
		r.scored++
		return casework.InspectionScore{Points: 90}, nil
	})
	work(e, r, workflows.FileReport, func(string) (workflows.ReportFiled, error) {
		r.filed++
		return workflows.ReportFiled{SHA256: "abc123"}, nil
	})
}

func (r *registry) record(step casework.InspectionRecord) (casework.Remaining, error) {
	r.records = append(r.records, step)
	return casework.Remaining{Candidates: r.candidates, Unanswered: r.unanswered}, nil
}

// decide decides as many candidates as there are findings named, finding
// "decided" apart, which someone else has decided.
func (r *registry) decide(o casework.VerdictOrder) (workflows.VerdictResult, error) {
	if result, ok := r.verdicts[o.ID]; ok {
		return result, nil
	}
	var result workflows.VerdictResult
	for _, finding := range o.Findings {
		if finding == "decided" && !o.Overrule {
			result.Refused = append(result.Refused, workflows.RefusedFinding{ID: finding, Why: "decided", By: "u-chen"})
			continue
		}
		result.Decided++
	}
	r.candidates -= min(result.Decided, r.candidates)
	result.Left = r.candidates
	r.verdicts[o.ID], r.decided = result, append(r.decided, o)
	return result, nil
}

// events are the steps recorded, without their prefix.
func (r *registry) events() []string {
	var events []string
	for _, step := range r.records {
		events = append(events, step.Event[len("inspection."):])
	}
	return events
}

// last is the last step recorded.
func (r *registry) last() casework.InspectionRecord { return r.records[len(r.records)-1] }

// step is the first record of an event.
func (r *registry) step(event string) casework.InspectionRecord {
	n := slices.IndexFunc(r.records, func(step casework.InspectionRecord) bool { return step.Event == event })
	if n < 0 {
		return casework.InspectionRecord{}
	}
	return r.records[n]
}
