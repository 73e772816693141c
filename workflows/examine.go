package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
)

// atOnce is how many chunks and queries of one inspection are tested at the
// same time: enough to keep a worker busy, and few enough to leave room for
// everyday work.
const atOnce = 4

// A trial is one chunk or one query that is tested.
type trial func(workflow.Context) (tested, found int, err error)

// test tests all chunks and queries, several at a time. Each counts once it
// is done, so that the details grow while it goes on. One that cannot be done
// stops the others.
func (i *inspection) test(ctx workflow.Context) error {
	if err := i.record(ctx, casework.EventTesting, casework.InspectionTesting, casework.InspectionRecord{}); err != nil {
		return err
	}
	trials := i.trials()
	return several(ctx, len(trials), func(ctx workflow.Context, n int) error {
		tested, found, err := trials[n](ctx)
		if err != nil {
			return err
		}
		i.Tested, i.Found = i.Tested+tested, i.Found+found
		i.describe(ctx)
		return nil
	})
}

// several does n pieces of work, a few at a time. The first that cannot be
// done stops the others.
func several(ctx workflow.Context, n int, do func(ctx workflow.Context, n int) error) error {
	working, stop := workflow.WithCancel(ctx)
	defer stop()
	slots, group := workflow.NewSemaphore(working, atOnce), workflow.NewWaitGroup(working)
	var failed error
	for at := range n {
		if err := slots.Acquire(working, 1); err != nil {
			break // ctx or failed say why
		}
		group.Add(1)
		workflow.Go(working, func(working workflow.Context) {
			defer group.Done()
			defer slots.Release(1)
			if err := do(working, at); err != nil {
				if failed == nil {
					failed = err
				}
				stop()
			}
		})
	}
	group.Wait(ctx)
	if failed == nil {
		return ctx.Err()
	}
	return failed
}

// trials are the chunks, if an item needs them, and the queries.
func (i *inspection) trials() []trial {
	var all []trial
	if i.plan.has(casework.ByIndicators) {
		for _, chunk := range i.plan.Chunks {
			all = append(all, i.chunk(chunk))
		}
	}
	for _, item := range i.plan.Items {
		if item.waitsFor(casework.ByQuery) {
			all = append(all, i.query(item.Item))
		}
	}
	return all
}

func (i *inspection) chunk(c casework.Chunk) trial {
	summary := fmt.Sprintf("chunk %d of %d: %s", c.No, len(i.plan.Chunks), counted(c.Count, "touchpoint"))
	return func(ctx workflow.Context) (int, int, error) {
		result, err := TestTouchpoints.About(ctx, summary, ChunkTest{
			Inspection: i.order.ID, RulebookHash: i.plan.RulebookHash, Scope: i.order.Scope, Chunk: c, Local: i.local(),
		})
		return result.Tested, result.Found, err
	}
}

// local is the version of the local model that the inspection goes by, if it
// does.
func (i *inspection) local() string {
	if i.plan.Cascade == nil {
		return ""
	}
	return i.plan.Cascade.Local
}

// query tests an item by its query. The records it sees are not touchpoints
// drawn, so they do not count as tested ones.
func (i *inspection) query(item string) trial {
	return func(ctx workflow.Context) (int, int, error) {
		result, err := TestByQuery.About(ctx, "item "+item, QueryTest{
			Inspection: i.order.ID, RulebookHash: i.plan.RulebookHash, Scope: i.order.Scope, Item: item,
		})
		return 0, result.Found, err
	}
}

// describe tells the reader of the Temporal UI where the inspection stands,
// in counts.
func (i *inspection) describe(ctx workflow.Context) {
	workflow.SetCurrentDetails(ctx, i.details())
}

func (i *inspection) details() string {
	switch i.Status {
	case casework.InspectionOrdered, casework.InspectionDrawing:
		return "drawing the scope"
	case casework.InspectionTesting:
		if j := i.judging; j != nil {
			asked, found := j.sums()
			return fmt.Sprintf("asked the model about %s of %s, %s to go, %s", thousands(asked),
				counted(i.Touchpoints, "touchpoint"), thousands(max(0, j.of-asked)), counted(found, "finding"))
		}
		return fmt.Sprintf("tested %s of %s, %s so far",
			thousands(i.Tested), counted(i.Touchpoints, "touchpoint"), counted(i.Found, "finding"))
	case casework.InspectionAdjudicating:
		return fmt.Sprintf("without a verdict: %s; without an answer: %s; due %s%s",
			counted(i.Candidates, "finding"), counted(i.Unanswered, "question"), casework.DayOf(i.Due), i.late())
	case casework.InspectionConfirming:
		return fmt.Sprintf("submitted by %s, waits for a second person", i.standing("").SubmittedBy)
	case casework.InspectionReported:
		return "report on file, SHA-256 " + i.Report
	case casework.InspectionVoid:
		return "nothing in scope"
	}
	return "cancelled"
}

func (i *inspection) late() string {
	if i.Overdue {
		return " (overdue)"
	}
	return ""
}

// counted writes so many things: "1 finding", "12,000 findings".
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return thousands(n) + " " + thing
}

// thousands writes a count as "12,000".
func thousands(n int) string {
	s := fmt.Sprint(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
