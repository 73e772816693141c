package activities

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"golang.org/x/sync/errgroup"

	"xiaobao/casework"
	"xiaobao/screening/charmodel"
)

// share is how many touchpoints one goroutine screens before others get the
// core: a few milliseconds of work.
const share = 32

// conclusions make findings of what engines see, by the items of one
// inspection.
type conclusions struct {
	*Activities
	inspection string
	items      []casework.PlannedItem
	indicators []string
	of         map[string][]casework.PlannedItem // items by indicator
}

func newConclusions(a *Activities, inspection string, items []casework.PlannedItem) *conclusions {
	e := &conclusions{
		Activities: a, inspection: inspection, items: items, indicators: []string{}, of: map[string][]casework.PlannedItem{},
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

// An examination is the testing of one chunk.
type examination struct {
	*conclusions
	local *charmodel.Model // ranks what no rule caught; nil: nothing does
	idle  chan looker      // one for each core, made when needed
}

// A looker looks at touchpoints on one core.
type looker struct {
	Screener
	Ranker // nil without a local model
}

// A look is what was seen in some touchpoints.
type look struct {
	findings  []casework.Finding
	undecided []casework.Undecided
}

func newExamination(a *Activities, inspection string, items []casework.PlannedItem, local *charmodel.Model) *examination {
	return &examination{newConclusions(a, inspection, items), local, make(chan looker, runtime.GOMAXPROCS(0))}
}

// screen screens a page on all cores that are free. Findings come in the
// order of the touchpoints.
func (e *examination) screen(ctx context.Context, rows []casework.DrawnTouchpoint) (look, error) {
	seen := make([]look, (len(rows)+share-1)/share)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cap(e.idle))
	n := 0
	for part := range slices.Chunk(rows, share) {
		to := &seen[n]
		n++
		group.Go(func() (err error) {
			*to, err = e.part(ctx, part)
			return err
		})
	}
	var all look
	if err := group.Wait(); err != nil {
		return all, err
	}
	for _, part := range seen {
		all.findings, all.undecided = append(all.findings, part.findings...), append(all.undecided, part.undecided...)
	}
	return all, nil
}

// part screens some touchpoints on one core. A touchpoint that the engine
// cannot cope with fails the attempt, by its id, and not the whole worker.
func (e *examination) part(ctx context.Context, rows []casework.DrawnTouchpoint) (seen look, err error) {
	free, err := e.core(ctx)
	if err != nil {
		return seen, err
	}
	defer free()
	looker, current := e.looker(), ""
	defer func() {
		if trouble := recover(); trouble != nil { // the value may quote the text, so it is not told
			e.log().ErrorContext(ctx, "screening panicked", "touchpoint", current,
				"value", fmt.Sprintf("%T", trouble), "stack", string(debug.Stack()))
			seen, err = look{}, fmt.Errorf("touchpoint %s cannot be screened; the log has the place in the code", current)
		}
	}()
	for n := range rows {
		current = rows[n].ID
		signals := looker.Screen(&rows[n].Touchpoint)
		for _, signal := range signals {
			seen.findings = append(seen.findings, e.findings(&rows[n].Touchpoint, signal)...)
		}
		if len(signals) == 0 && looker.Ranker != nil {
			findings, undecided := e.rank(looker.Ranker, &rows[n].Touchpoint)
			seen.findings, seen.undecided = append(seen.findings, findings...), append(seen.undecided, undecided...)
		}
	}
	e.idle <- looker // never full: there are as many as may run at once
	return seen, nil
}

// looker is one that is idle, or a new one.
func (e *examination) looker() looker {
	select {
	case l := <-e.idle:
		return l
	default:
		l := looker{Screener: e.NewScreener()}
		l.Only(e.indicators)
		if e.local != nil {
			l.Ranker = e.local.NewReader()
		}
		return l
	}
}

// findings are what a signal means for each item that names its indicator.
func (c *conclusions) findings(t *casework.Touchpoint, s casework.Signal) []casework.Finding {
	var all []casework.Finding
	for _, item := range c.of[s.Indicator] {
		all = append(all, casework.Finding{
			ID:         casework.FindingID(c.inspection, item.Item, s.Indicator, t.ID),
			Inspection: c.inspection, Item: item.Item, Indicator: s.Indicator, Title: s.Title,
			Touchpoint: t.ID, Channel: t.Channel, OccurredAt: t.OccurredAt,
			OrgID: t.OrgID, AgentID: t.AgentID, CustomerID: t.CustomerID, Product: t.Product,
			Level: s.Level, Engine: s.Engine, Version: s.Version, Certainty: s.Certainty,
			Basis: s.Basis, Evidence: s.Evidence, Facts: s.Facts, Status: casework.FindingCandidate,
		})
	}
	return all
}

// tested counts, for each item, the touchpoints its indicators look at.
func (c *conclusions) tested(rows []casework.DrawnTouchpoint) map[string]int {
	byChannel := map[casework.Channel]int{}
	for n := range rows {
		byChannel[rows[n].Channel]++
	}
	counts := map[string]int{}
	for _, item := range c.items {
		for channel, n := range byChannel {
			if item.LooksAt(channel) {
				counts[item.Item] += n
			}
		}
	}
	return counts
}
