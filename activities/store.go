package activities

import (
	"context"

	"xiaobao/casework"
)

// Inspections is what the activities of an inspection need of the database.
// Each method is one transaction, and safe to repeat: what was saved by an
// attempt whose answer was lost is saved once.
type Inspections interface {
	// OpenInspection saves the inspection unless there is one of its id; of
	// one that is there it sets only the run id.
	OpenInspection(ctx context.Context, i casework.Inspection) error

	// RecordInspection sets the status with what belongs to it and adds a line
	// to the timeline; the step (InspectionRecord.Step) once only. Overdue
	// marks the questions still waiting as unanswered.
	RecordInspection(ctx context.Context, r casework.InspectionRecord) (casework.Remaining, error)

	// DrawScope fixes the touchpoints in scope at this moment, their digest
	// and their chunks. Drawn before, it gives what was drawn then.
	DrawScope(ctx context.Context, inspection string, scope casework.Scope, plan casework.ChunkPlan) (casework.Drawing, error)

	// SavePlan saves the items as they stand now. Those saved before stay.
	SavePlan(ctx context.Context, inspection string, items []casework.PlannedItem) error

	// Plan gives the items as they were saved, in that order.
	Plan(ctx context.Context, inspection string) ([]casework.PlannedItem, error)

	// ChunkProgress tells how far the testing of a chunk is.
	ChunkProgress(ctx context.Context, inspection string, chunk int) (casework.ChunkProgress, error)

	// ReadChunk gives the touchpoints of a chunk behind a position, in order,
	// with all their text; none at the end of the chunk.
	ReadChunk(ctx context.Context, inspection string, scope casework.Scope, chunk casework.Chunk, after int64, limit casework.PageLimit) ([]casework.DrawnTouchpoint, error)

	// SaveChunkPage saves the findings that are new and moves the chunk on,
	// provided it stands where the page began; else that is a conflict of the
	// code "chunk_moved". A chunk not begun stands at its After.
	SaveChunkPage(ctx context.Context, page casework.ChunkPage) (casework.ChunkProgress, error)

	// KnowsQuery reports whether there is a query of that name.
	KnowsQuery(name string) bool

	// RunDrawnQuery runs a named query over what was drawn for an inspection,
	// of a sampled draw the sample, and hands on what it holds against it, one
	// by one. It tells how many records it saw.
	RunDrawnQuery(ctx context.Context, name, inspection string, params casework.ParamValues, hit func(casework.QueryHit) error) (tested int, err error)

	// SaveItemFindings saves the findings of an item that are new and how many
	// records were seen. It tells how many findings the item has.
	SaveItemFindings(ctx context.Context, inspection, item string, tested int, findings []casework.Finding) (found int, err error)

	// SetItemOutcome saves the outcome of an item that needs no verdicts.
	SetItemOutcome(ctx context.Context, inspection string, v casework.ItemVerdict) error

	// Respondent is who answers for a kind of unit ("marketing", "it") at or
	// above or below a unit; empty if nobody is named.
	Respondent(ctx context.Context, org, kind string) (casework.Actor, error)

	// Ask saves the questions that are new.
	Ask(ctx context.Context, questions []casework.Question) error

	// RecordVerdict changes the findings and keeps what it decided and refused
	// under the order's id, for the same order that comes again. What is left
	// is counted anew each time: it may come again in a later run.
	RecordVerdict(ctx context.Context, o casework.VerdictOrder) (casework.VerdictResult, error)

	// RecordAnswer does the same for an answer.
	RecordAnswer(ctx context.Context, o casework.AnswerOrder) (casework.AnswerResult, error)

	// Tally gives every item of an inspection with what stands against it.
	Tally(ctx context.Context, inspection string) ([]casework.ItemTally, error)

	// SaveScore saves the items' outcomes and the score; a later score of the
	// same inspection replaces it until a report is filed.
	SaveScore(ctx context.Context, inspection string, items []casework.ItemVerdict, score casework.InspectionScore) error

	// SaveReport keeps the report of an inspection with its SHA-256, the
	// first one for ever, and gives the SHA-256 of the one that is kept.
	SaveReport(ctx context.Context, inspection string, report []byte, sum string) (string, error)
}

// Reports writes the report of an inspection in its canonical form: the same
// records give the same bytes.
type Reports interface {
	Canonical(ctx context.Context, inspection string) ([]byte, error)
}

// Cascade is what judging beyond rules needs of the database. Each method is
// one transaction, and safe to repeat.
type Cascade interface {
	// ActiveLocalModel is the version new inspections go by; empty: none.
	ActiveLocalModel(ctx context.Context) (version string, err error)

	// LocalModel is the content of a version.
	LocalModel(ctx context.Context, version string) ([]byte, error)

	// FixCascade puts on file what an inspection goes by, unless that is on
	// file, and gives what is there.
	FixCascade(ctx context.Context, inspection string, plan *casework.CascadePlan) (*casework.CascadePlan, error)

	// GatherUndecided shares out the likeliest, up to most, into batches. Done
	// before, it gives what was done then.
	GatherUndecided(ctx context.Context, inspection string, most, size int) (casework.Gathering, error)

	// Undecided gives those of some batches that stand at an outcome, the
	// likeliest first.
	Undecided(ctx context.Context, inspection string, batches []int, outcome casework.JudgeOutcome, limit int) ([]casework.UndecidedTouchpoint, error)

	// LeaveUnlikely counts out those that wait and are below
	// casework.SureEnough, and tells how many that were in all.
	LeaveUnlikely(ctx context.Context, inspection string, batches []int, why casework.ModelTrouble) (left int, err error)

	// SaveJudged saves outcomes, with the findings that are new. What has an
	// outcome keeps it, and then its findings are not saved either.
	SaveJudged(ctx context.Context, inspection string, all []casework.Judged) (found int, err error)

	// JudgeProgress counts how some batches stand.
	JudgeProgress(ctx context.Context, inspection string, batches []int) (casework.JudgeResult, error)
}

// Consultations is what consulting needs of the database.
type Consultations interface {
	Consultation(ctx context.Context, id string) (casework.Consultation, error)
	ConsultationDocument(ctx context.Context, id string) (casework.Document, error)

	// EndConsultation saves what came of it and the sealed map of its tokens,
	// unless it has ended.
	EndConsultation(ctx context.Context, c casework.Consultation, sealed []byte) error
}
