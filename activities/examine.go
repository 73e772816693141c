package activities

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
	"xiaobao/screening/charmodel"
	"xiaobao/workflows"
)

// pages bounds what one chunk holds in memory: a page being screened and the
// next one, which is read meanwhile.
var pages = casework.PageLimit{Rows: 500, Bytes: 4 << 20}

// chunkMoved is the code of the conflict that a page meets where another
// attempt has saved one.
const chunkMoved = "chunk_moved"

// errStopping ends an attempt on a worker that stops. It is tried again on
// another, which goes on behind the last page saved; nobody need be alarmed.
var errStopping = temporal.NewApplicationErrorWithOptions("the worker is stopping; the chunk goes on elsewhere", "stopping",
	temporal.ApplicationErrorOptions{Category: temporal.ApplicationErrorCategoryBenign})

// testTouchpoints screens one chunk page by page. Each page's findings are
// saved together with the place the chunk has come to, so that an attempt
// goes on where the last one stopped and nothing counts twice.
func (a *Activities) testTouchpoints(ctx context.Context, t workflows.ChunkTest) (workflows.ChunkResult, error) {
	if err := a.sameRules(t.RulebookHash); err != nil {
		return workflows.ChunkResult{}, err
	}
	items, err := a.Inspections.Plan(ctx, t.Inspection)
	if err != nil {
		return workflows.ChunkResult{}, fmt.Errorf("read plan: %w", err)
	}
	at, err := a.Inspections.ChunkProgress(ctx, t.Inspection, t.Chunk.No)
	if err != nil {
		return workflows.ChunkResult{}, fmt.Errorf("read progress: %w", err)
	}
	var local *charmodel.Model
	if t.Local != "" {
		if local, err = a.localModel(ctx, t.Local); err != nil {
			return workflows.ChunkResult{}, err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	e := newExamination(a, t.Inspection, items, local)
	read := a.read(ctx, t, at)
	defer func() { // nothing reads on when the attempt is over
		cancel()
		for range read {
			continue
		}
	}()
	for !at.Done {
		activity.RecordHeartbeat(ctx, at)
		page, err := next(ctx, read)
		if err == nil {
			at, err = e.page(ctx, t.Chunk, at, page)
		}
		if err != nil {
			return workflows.ChunkResult{}, err
		}
	}
	return workflows.ChunkResult{Tested: at.Tested, Found: at.Found}, nil
}

// A pageRead is a page of touchpoints, or why there is none.
type pageRead struct {
	rows []casework.DrawnTouchpoint
	err  error
}

// read reads the chunk from where it stands, one page ahead, to its end.
func (a *Activities) read(ctx context.Context, t workflows.ChunkTest, at casework.ChunkProgress) <-chan pageRead {
	read := make(chan pageRead)
	go func() {
		defer close(read)
		for after := at.Position; after < t.Chunk.Upto; {
			rows, err := a.Inspections.ReadChunk(ctx, t.Inspection, t.Scope, t.Chunk, after, pages)
			select {
			case read <- pageRead{rows, err}:
			case <-ctx.Done():
				return
			}
			if err != nil || len(rows) == 0 {
				return
			}
			after = rows[len(rows)-1].Position
		}
	}()
	return read
}

// next waits for the next page, unless the attempt is to end. There are no
// rows at the end of the chunk.
func next(ctx context.Context, read <-chan pageRead) ([]casework.DrawnTouchpoint, error) {
	select { // first of all: a page may be ready just now, too
	case <-activity.GetWorkerStopChannel(ctx):
		return nil, errStopping
	case <-ctx.Done():
		return nil, ctx.Err()
	default:
	}
	select {
	case <-activity.GetWorkerStopChannel(ctx):
		return nil, errStopping
	case <-ctx.Done():
		return nil, ctx.Err()
	case page, more := <-read:
		if page.err != nil {
			return nil, fmt.Errorf("read chunk: %w", page.err)
		}
		if !more { // at its end, or called off
			return nil, ctx.Err()
		}
		return page.rows, nil
	}
}

// page screens one page and saves what came of it.
func (e *examination) page(ctx context.Context, c casework.Chunk, at casework.ChunkProgress, rows []casework.DrawnTouchpoint) (casework.ChunkProgress, error) {
	seen, err := e.screen(ctx, rows)
	if err != nil {
		return at, err
	}
	page := casework.ChunkPage{
		Inspection: e.inspection, Chunk: c.No, After: at.Position, Upto: c.Upto,
		Tested: len(rows), Items: e.tested(rows), Findings: seen.findings, Undecided: seen.undecided, Done: true,
	}
	if len(rows) > 0 {
		page.Upto = rows[len(rows)-1].Position
		page.Done = page.Upto >= c.Upto
	}
	saved, err := e.Inspections.SaveChunkPage(ctx, page)
	conflict, ok := errors.AsType[*casework.Error](err)
	switch {
	case ok && conflict.Code == chunkMoved: // tried again, the chunk goes on from there
		return at, fmt.Errorf("chunk %d of inspection %s is being tested by another attempt", c.No, e.inspection)
	case err != nil:
		return at, fmt.Errorf("save page: %w", err)
	}
	return saved, nil
}
