package activities_test

import (
	"context"
	"errors"
	"slices"
	"sync"

	"xiaobao/casework"
)

// A memory is a database for one inspection that forgets when the test ends.
// It keeps the promises of activities.Inspections as the real one does.
type memory struct {
	sync.Mutex
	opened     []casework.Inspection
	plan       []casework.PlannedItem
	drawing    casework.Drawing
	drawn      []casework.ChunkPlan
	rows       []casework.DrawnTouchpoint
	chunks     map[int]casework.ChunkProgress
	items      map[string]int // tested, by item
	findings   map[string]casework.Finding
	limits     []casework.PageLimit
	queries    map[string][]casework.QueryHit
	outcomes   map[string]casework.ItemVerdict
	people     map[string]casework.Actor // by kind of unit
	questions  map[string]casework.Question
	tallies    []casework.ItemTally
	score      casework.InspectionScore
	report     string
	failSave   int    // the save that fails, from 1; 0: none
	onRead     func() // something that happens while a page is read
	saves      int
	refuse     error // what a save meets
	most       int   // findings in one save
	loseAnswer bool  // the next save succeeds, and its answer is lost
}

func newMemory() *memory {
	return &memory{
		chunks: map[int]casework.ChunkProgress{}, items: map[string]int{}, findings: map[string]casework.Finding{},
		queries: map[string][]casework.QueryHit{}, outcomes: map[string]casework.ItemVerdict{},
		people: map[string]casework.Actor{}, questions: map[string]casework.Question{},
	}
}

func (m *memory) OpenInspection(_ context.Context, i casework.Inspection) error {
	m.opened = append(m.opened, i)
	return nil
}

func (m *memory) RecordInspection(context.Context, casework.InspectionRecord) (casework.Remaining, error) {
	return casework.Remaining{Candidates: 2, Unanswered: 1}, nil
}

func (m *memory) DrawScope(_ context.Context, _ string, _ casework.Scope, plan casework.ChunkPlan) (casework.Drawing, error) {
	m.drawn = append(m.drawn, plan)
	return m.drawing, nil
}

func (m *memory) SavePlan(_ context.Context, _ string, items []casework.PlannedItem) error {
	if m.plan == nil {
		m.plan = items
	}
	return nil
}

func (m *memory) Plan(context.Context, string) ([]casework.PlannedItem, error) { return m.plan, nil }

func (m *memory) ChunkProgress(_ context.Context, _ string, chunk int) (casework.ChunkProgress, error) {
	m.Lock()
	defer m.Unlock()
	return m.chunks[chunk], nil
}

func (m *memory) ReadChunk(ctx context.Context, _ string, _ casework.Scope, chunk casework.Chunk, after int64, limit casework.PageLimit) ([]casework.DrawnTouchpoint, error) {
	m.Lock()
	defer m.Unlock()
	m.limits = append(m.limits, limit)
	if m.onRead != nil {
		m.onRead()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var page []casework.DrawnTouchpoint
	for _, row := range m.rows {
		if row.Position > after && row.Position <= chunk.Upto && len(page) < limit.Rows {
			page = append(page, row)
		}
	}
	return page, nil
}

func (m *memory) SaveChunkPage(_ context.Context, page casework.ChunkPage) (casework.ChunkProgress, error) {
	m.Lock()
	defer m.Unlock()
	m.saves++
	if m.refuse != nil {
		return casework.ChunkProgress{}, m.refuse
	}
	if m.saves == m.failSave {
		return casework.ChunkProgress{}, errors.New("the database is away")
	}
	at := m.chunks[page.Chunk]
	if at.Position != page.After {
		return at, casework.Errorf(casework.Conflict, "the chunk has moved on").WithCode("chunk_moved")
	}
	at.Position, at.Tested, at.Done = page.Upto, at.Tested+page.Tested, page.Done
	for _, f := range page.Findings {
		if _, known := m.findings[f.ID]; !known {
			m.findings[f.ID] = f
			at.Found++
		}
	}
	for item, n := range page.Items {
		m.items[item] += n
	}
	m.chunks[page.Chunk] = at
	if m.loseAnswer {
		m.loseAnswer = false
		return casework.ChunkProgress{}, errors.New("the answer was lost")
	}
	return at, nil
}

func (m *memory) KnowsQuery(name string) bool { return m.queries[name] != nil }

func (m *memory) RunDrawnQuery(_ context.Context, name, _ string, _ casework.ParamValues, hit func(casework.QueryHit) error) (int, error) {
	for _, h := range m.queries[name] {
		if err := hit(h); err != nil {
			return 0, err
		}
	}
	return 5000, nil
}

func (m *memory) SaveItemFindings(_ context.Context, _, item string, tested int, findings []casework.Finding) (int, error) {
	m.items[item], m.most = tested, max(m.most, len(findings))
	for _, f := range findings {
		m.findings[f.ID] = f
	}
	return len(m.findings), nil
}

func (m *memory) SetItemOutcome(_ context.Context, _ string, v casework.ItemVerdict) error {
	m.outcomes[v.Item] = v
	return nil
}

func (m *memory) Respondent(_ context.Context, _, kind string) (casework.Actor, error) {
	return m.people[kind], nil
}

func (m *memory) Ask(_ context.Context, questions []casework.Question) error {
	for _, q := range questions {
		m.questions[q.ID] = q
	}
	return nil
}

func (m *memory) RecordVerdict(_ context.Context, o casework.VerdictOrder) (casework.VerdictResult, error) {
	return casework.VerdictResult{Decided: len(o.Findings)}, nil
}

func (m *memory) RecordAnswer(context.Context, casework.AnswerOrder) (casework.AnswerResult, error) {
	return casework.AnswerResult{Left: 4}, nil
}

func (m *memory) Tally(context.Context, string) ([]casework.ItemTally, error) { return m.tallies, nil }

func (m *memory) SaveScore(_ context.Context, _ string, items []casework.ItemVerdict, score casework.InspectionScore) error {
	m.score = score
	for _, v := range items {
		m.outcomes[v.Item] = v
	}
	return nil
}

func (m *memory) SaveReport(_ context.Context, _ string, _ []byte, sum string) (string, error) {
	if m.report == "" {
		m.report = sum
	}
	return m.report, nil
}

// found are the touchpoints with findings of an item, sorted.
func (m *memory) found(item string) []string {
	var ids []string
	for _, f := range m.findings {
		if f.Item == item {
			ids = append(ids, f.Touchpoint)
		}
	}
	slices.Sort(ids)
	return ids
}
