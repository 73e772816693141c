package activities

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"golang.org/x/sync/errgroup"

	"xiaobao/casework"
)

// share is how many touchpoints one goroutine screens before others get the
// core: a few milliseconds of work.
const share = 32

// An examination is the testing of one chunk: which indicators to look for,
// and which items they belong to.
type examination struct {
	*Activities
	inspection string
	items      []casework.PlannedItem
	indicators []string
	of         map[string][]casework.PlannedItem // items by indicator
	idle       chan Screener                     // one for each core, made when needed
}

func newExamination(a *Activities, inspection string, items []casework.PlannedItem) *examination {
	e := &examination{
		Activities: a, inspection: inspection, items: items, indicators: []string{},
		of: map[string][]casework.PlannedItem{}, idle: make(chan Screener, runtime.GOMAXPROCS(0)),
	}
	for _, item := range items {
		if item.Method != casework.ByIndicators || item.Outcome == casework.ItemNotRun {
			continue
		}
		for _, indicator := range item.Indicators {
			if len(e.of[indicator]) == 0 {
				e.indicators = append(e.indicators, indicator)
			}
			e.of[indicator] = append(e.of[indicator], item)
		}
	}
	return e
}

// screen screens a page on all cores that are free. Findings come in the
// order of the touchpoints.
func (e *examination) screen(ctx context.Context, rows []casework.DrawnTouchpoint) ([]casework.Finding, error) {
	found := make([][]casework.Finding, (len(rows)+share-1)/share)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cap(e.idle))
	n := 0
	for part := range slices.Chunk(rows, share) {
		to := &found[n]
		n++
		group.Go(func() (err error) {
			*to, err = e.part(ctx, part)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}

// part screens some touchpoints on one core. A touchpoint that the engine
// cannot cope with fails the attempt, by its id, and not the whole worker.
func (e *examination) part(ctx context.Context, rows []casework.DrawnTouchpoint) (findings []casework.Finding, err error) {
	free, err := e.core(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	screener, current := e.screener(), ""
	defer func() {
		if trouble := recover(); trouble != nil { // the value may quote the text, so it is not told
			e.log().ErrorContext(ctx, "screening panicked", "touchpoint", current,
				"value", fmt.Sprintf("%T", trouble), "stack", string(debug.Stack()))
			findings, err = nil, fmt.Errorf("touchpoint %s cannot be screened; the log has the place in the code", current)
		}
	}()
	for n := range rows {
		current = rows[n].ID
		for _, signal := range screener.Screen(&rows[n].Touchpoint) {
			findings = append(findings, e.findings(&rows[n].Touchpoint, signal)...)
		}
	}
	e.idle <- screener // never full: there are as many as may run at once
	return findings, nil
}

// screener is one that is idle, or a new one.
func (e *examination) screener() Screener {
	select {
	case s := <-e.idle:
		return s
	default:
		s := e.NewScreener()
		s.Only(e.indicators)
		return s
	}
}

// findings are what a signal means for each item that names its indicator.
func (e *examination) findings(t *casework.Touchpoint, s casework.Signal) []casework.Finding {
	var all []casework.Finding
	for _, item := range e.of[s.Indicator] {
		all = append(all, casework.Finding{
			ID:         casework.FindingID(e.inspection, item.Item, s.Indicator, t.ID),
			Inspection: e.inspection, Item: item.Item, Indicator: s.Indicator, Title: s.Title,
			Touchpoint: t.ID, Channel: t.Channel, OccurredAt: t.OccurredAt,
			OrgID: t.OrgID, AgentID: t.AgentID, CustomerID: t.CustomerID, Product: t.Product,
			Level: s.Level, Engine: s.Engine, Version: s.Version, Certainty: s.Certainty,
			Basis: s.Basis, Evidence: s.Evidence, Facts: s.Facts, Status: casework.FindingCandidate,
		})
	}
	return all
}

// tested counts, for each item, the touchpoints its indicators look at.
func (e *examination) tested(rows []casework.DrawnTouchpoint) map[string]int {
	byChannel := map[casework.Channel]int{}
	for n := range rows {
		byChannel[rows[n].Channel]++
	}
	counts := map[string]int{}
	for _, item := range e.items {
		for channel, n := range byChannel {
			if item.LooksAt(channel) {
				counts[item.Item] += n
			}
		}
	}
	return counts
}
