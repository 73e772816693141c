package casework

import "time"

// A PageRequest asks for one page of a list. Lists page by key, never by
// number, so that rows that come in meanwhile neither repeat nor hide others.
type PageRequest struct {
	After string // the cursor a page gave as Next; empty for the first page
	Limit int    // 0 means 50; at most 500
	Sort  string // a key of the list; "" means its natural order
	Desc  bool
}

// A Listing is one page of a list.
type Listing[T any] struct {
	Rows []T    `json:"rows"`
	Next string `json:"next,omitempty"` // cursor of the next page; empty at the end
	// Total counts all rows that match, and is -1 where counting would be too slow.
	Total int `json:"total"`
}

// A TouchpointFilter narrows the list of touchpoints. Orgs includes all units
// below; the desk always narrows it to what the user may see.
type TouchpointFilter struct {
	Scope
	Customer string
	Search   string   // words that must occur in the text
	Import   string   // of one import run
	Within   []string // units, with all below, that may be seen; empty: all
}

// A FindingFilter narrows the list of findings.
type FindingFilter struct {
	Inspection string
	Item       string
	Indicator  string
	Touchpoint string
	Status     []FindingStatus
	Levels     []Level
	Channels   []Channel
	Engines    []Engine
	Orgs       []string
	Agent      string
	Search     string
	Within     []string // units, with all below, that may be seen; empty: all
}

// An InspectionFilter narrows the list of inspections.
type InspectionFilter struct {
	Status   []InspectionStatus
	Orgs     []string
	Schedule string
	Search   string   // in the name
	Within   []string // units, with all below, that may be seen; empty: all
}

// An Inspection (检查) as lists and pages show it.
type Inspection struct {
	ID               string           `json:"id"`
	Name             string           `json:"name"`
	Checklist        string           `json:"checklist"`
	ChecklistVersion string           `json:"checklist_version"` // stamp of its pack
	Items            []string         `json:"items"`             // ids; as ordered
	Scope            Scope            `json:"scope"`
	Status           InspectionStatus `json:"status"`
	OrgID            string           `json:"org_id"` // of who ordered it
	OrderedBy        Actor            `json:"ordered_by"`
	OrderedAt        time.Time        `json:"ordered_at"`
	AdjudicateWithin time.Duration    `json:"adjudicate_within,omitempty"` // how long officers have; 0: as usual
	AnswerWithin     time.Duration    `json:"answer_within,omitempty"`     // how long respondents have; 0: as usual
	Due              *time.Time       `json:"due,omitempty"`               // when adjudication is due
	SubmittedBy      Actor            `json:"submitted_by,omitempty"`
	ConfirmedBy      Actor            `json:"confirmed_by,omitempty"`
	EndedAt          *time.Time       `json:"ended_at,omitempty"`
	Schedule         string           `json:"schedule,omitempty"` // the schedule that started it
	WorkflowID       string           `json:"workflow_id"`
	RunID            string           `json:"run_id,omitempty"`
	Note             string           `json:"note,omitempty"` // why it was returned, cancelled or void
	Progress         Progress         `json:"progress"`
	Counts           FindingCounts    `json:"counts"`
	Score            *InspectionScore `json:"score,omitempty"`
	ReportHash       string           `json:"report_hash,omitempty"` // SHA-256 of the report as confirmed
}

// Progress is how far an inspection is.
type Progress struct {
	Touchpoints int     `json:"touchpoints"` // drawn
	Tested      int     `json:"tested"`
	Items       int     `json:"items"`
	ItemsDone   int     `json:"items_done"` // tested, answered or known not to be testable; verdicts may still wait
	Questions   int     `json:"questions"`
	Answered    int     `json:"answered"`
	Digest      string  `json:"digest,omitempty"` // of the drawn ids, in order
	Seconds     float64 `json:"seconds,omitempty"`
}

// FindingCounts counts an inspection's findings by where they stand.
type FindingCounts struct {
	Candidate int `json:"candidate"`
	Confirmed int `json:"confirmed"`
	Dismissed int `json:"dismissed"`
	Merged    int `json:"merged"`
}

// Total is all of them.
func (c FindingCounts) Total() int { return c.Candidate + c.Confirmed + c.Dismissed + c.Merged }

// An InspectionItem is one checklist item of one inspection.
type InspectionItem struct {
	Item       string        `json:"item"`
	Element    string        `json:"element"`
	Title      string        `json:"title"`
	Weight     float64       `json:"weight"`
	Method     Method        `json:"method"`
	Outcome    ItemOutcome   `json:"outcome"`
	Tested     int           `json:"tested"` // touchpoints or records looked at
	Counts     FindingCounts `json:"counts"`
	Worst      Level         `json:"worst"` // of the confirmed findings
	Basis      []string      `json:"basis"`
	Why        string        `json:"why,omitempty"` // why it was not run
	QuestionID string        `json:"question_id,omitempty"`
}

// A Question asks a person about an item that no machine can test.
type Question struct {
	ID         string      `json:"id"`
	Inspection string      `json:"inspection"`
	Item       string      `json:"item"`
	Title      string      `json:"title"`
	Text       string      `json:"text"`
	Respondent Actor       `json:"respondent"`
	Due        time.Time   `json:"due"`
	Answer     ItemOutcome `json:"answer"` // passed, failed, not_applicable; waiting until answered
	Note       string      `json:"note,omitempty"`
	AnsweredBy Actor       `json:"answered_by,omitempty"`
	AnsweredAt *time.Time  `json:"answered_at,omitempty"`
}

// An Occurrence is one line of a case's timeline.
type Occurrence struct {
	At     time.Time `json:"at"`
	By     Actor     `json:"by,omitempty"` // empty: the system
	What   string    `json:"what"`         // code: "inspection.submitted"
	Detail string    `json:"detail,omitempty"`
}

// An ImportRun is one import of a file (数据导入).
type ImportRun struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"` // touchpoints, customers, staff, orgs
	File   string `json:"file"` // base name
	SHA256 string `json:"sha256"`

	// MappingSHA256 is of the mapping that it was read with; empty: of none.
	MappingSHA256 string `json:"mapping_sha256,omitempty"`

	Status     string     `json:"status"` // running, done, refused, interrupted
	DryRun     bool       `json:"dry_run"`
	StartedBy  Actor      `json:"started_by"`
	StartedAt  time.Time  `json:"started_at"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Rows       int        `json:"rows"`
	Added      int        `json:"added"`
	Unchanged  int        `json:"unchanged"`
	Updated    int        `json:"updated"` // of master data, which may change
	Invalid    int        `json:"invalid"`
	Conflicts  int        `json:"conflicts"`
	ResumeFrom int        `json:"resume_from"` // how many rows were done when it was resumed; a count, no row number
	Problems   []RowError `json:"problems,omitempty"`

	// What is read out of the file again whenever a dry run is looked at. It
	// holds consumers' data and is never stored.
	Preview  []RowSample    `json:"-"`
	Columns  []ImportColumn `json:"-"` // of the preview, in the order of the file
	FileGone bool           `json:"-"` // the file of a dry run is not kept any more
}

// An ImportField is something that a record of a kind can hold.
type ImportField struct {
	Name     string // as formats have it: occurred_at
	Zh       string // as officers know it: 发生时间
	Required bool   // a table without it is refused
}

// An ImportColumn is a column of a file, and the field that it is read as.
type ImportColumn struct {
	Name  string
	Field string // "attributes.NAME" for an attribute; empty: left out
}

// MaxRepeatsKnown bounds the ids among which a dry run looks for repeats with
// other content.
const MaxRepeatsKnown = 2_000_000

// Valid is how many rows can be taken in.
func (r ImportRun) Valid() int { return r.Rows - r.Invalid - r.Conflicts }

// RepeatsMissed reports whether a dry run read more rows than it looks for
// repeats among.
func (r ImportRun) RepeatsMissed() bool {
	return r.DryRun && r.Kind == "touchpoints" && r.Rows-r.Invalid > MaxRepeatsKnown
}

// A RowError is one thing wrong with one row of a file. It names the class
// of the value and never the value itself.
type RowError struct {
	Row    int    `json:"row"`              // as a spreadsheet shows it: the header is 1, the first row of data 2; for JSONL the line
	Column string `json:"column,omitempty"` // as the file calls it
	Field  string `json:"field,omitempty"`  // as we do; empty if it is no field of ours
	Class  string `json:"class"`            // missing, bad_json, bad_date, future_date, unknown_value, too_long, wrong_encoding, conflict, wrong_shape, control_character
	What   string `json:"what"`             // English
	WhatZh string `json:"what_zh"`
	Mend   string `json:"mend"`
	MendZh string `json:"mend_zh"`
}

// A RowSample is one row as a preview shows it, by column.
type RowSample map[string]string

// An AuditEntry is one link of the audit trail. Hash covers the entry and the
// hash before it.
type AuditEntry struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	By     Actor     `json:"by"`
	Action string    `json:"action"` // "inspection.start"
	Object string    `json:"object"` // "inspection/i-…"
	Detail string    `json:"detail"` // ids, codes and counts, as JSON; no personal data
	From   string    `json:"from"`   // "console", "cli", "api", "system"
	Prev   string    `json:"prev"`
	Hash   string    `json:"hash"`
}

// An AuditFilter narrows the audit trail.
type AuditFilter struct {
	By     Actor
	Action string
	Object string
	From   time.Time
	To     time.Time
}

// A SavedView is a list filter that a user keeps.
type SavedView struct {
	ID    string `json:"id"`
	Owner Actor  `json:"owner"`
	List  string `json:"list"` // "touchpoints", "findings", "inspections"
	Name  string `json:"name"`
	Query string `json:"query"` // URL query
}

// A Schedule starts inspections by itself (定期检查).
type Schedule struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Checklist string     `json:"checklist"`
	Items     []string   `json:"items,omitempty"`
	Scope     Scope      `json:"scope"`  // From and To are set by Window at each start
	Window    string     `json:"window"` // previous_day, previous_week, previous_month, previous_quarter
	Every     string     `json:"every"`  // day, week, month, quarter
	AtHour    int        `json:"at_hour"`
	Paused    bool       `json:"paused"`
	OwnedBy   Actor      `json:"owned_by"`
	OrgID     string     `json:"org_id"` // of its owner
	NextRun   *time.Time `json:"next_run,omitempty"`
	LastRun   *time.Time `json:"last_run,omitempty"`
}

// A ToDo is one thing that waits for a user, for the home page.
type ToDo struct {
	Kind  string     `json:"kind"` // findings, questions, confirm
	Case  string     `json:"case"` // inspection id
	Name  string     `json:"name"`
	Count int        `json:"count"`
	Due   *time.Time `json:"due,omitempty"`
}
