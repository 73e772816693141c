package activities

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/privacy"
	"xiaobao/screening/charmodel"
)

// Models are what concludes beyond rules. Each of them may be missing; work
// then goes on without it and says so.
type Models struct {
	First          *llm.Model
	Second         *llm.Model
	Unaided        Unaided
	UnaidedVersion string
	Options        func(p casework.Purpose) []llm.Option // what a model may choose from, by the rulebook

	Masker *privacy.Masker // of answers that are kept
	Key    []byte          // seals what masks stand for

	Share    float64       // most of the touchpoints drawn that models are asked about; 0: UsualShare
	Patience time.Duration // how long a batch is tried; 0: the workflow's own

	mu    sync.Mutex
	local map[string]*charmodel.Model // by version
}

// UsualShare is the most of the touchpoints drawn that models are asked about.
const UsualShare = 0.05

// Unaided concludes without a model.
type Unaided interface {
	Answer(p casework.Purpose, d casework.Document) (answer any, by casework.Engine, err error)
}

// A Ranker ranks what no rule caught. It is for one goroutine.
type Ranker interface {
	Rank(t *casework.Touchpoint, only []string) []charmodel.Guess
}

// mostLocal bounds the versions of the local model in memory: inspections
// under way seldom go by more than two.
const mostLocal = 3

// localModel reads a version of the local model, once for all activities.
func (a *Activities) localModel(ctx context.Context, version string) (*charmodel.Model, error) {
	m := a.Models
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.local[version]; known != nil {
		return known, nil
	}
	content, err := a.Cascade.LocalModel(ctx, version)
	if err != nil {
		return nil, fmt.Errorf("read local model: %w", err)
	}
	model, err := charmodel.Read(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("read local model %s: %w", version, err)
	}
	if m.local == nil || len(m.local) >= mostLocal {
		m.local = map[string]*charmodel.Model{}
	}
	m.local[version] = model
	return model, nil
}

// cascadePlan is what an inspection drawn now goes by beyond rules; nil where
// there is neither a local model nor an endpoint.
func (a *Activities) cascadePlan(ctx context.Context) (*casework.CascadePlan, error) {
	if a.Models == nil {
		return nil, nil
	}
	local, err := a.Cascade.ActiveLocalModel(ctx)
	if err != nil {
		return nil, fmt.Errorf("active local model: %w", err)
	}
	plan := casework.CascadePlan{Local: local, Model: nameOf(a.Models.First), Second: nameOf(a.Models.Second), Share: a.Models.Share, Batch: leastInBatch}
	if plan.Share <= 0 {
		plan.Share = UsualShare
	}
	if a.Models.Patience > 0 {
		plan.Patience = a.Models.Patience.String()
	}
	if plan.Local == "" && plan.Model == "" {
		return nil, nil
	}
	return &plan, nil
}

// nameOf is the name of an endpoint's model; empty if there is none.
func nameOf(m *llm.Model) string {
	if m == nil {
		return ""
	}
	return m.Endpoint().Model
}
