package consoletest

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening"
	"xiaobao/web/console"
)

//go:embed pack
var packs embed.FS

// Password is the password of every user of the fake desk.
const Password = "correct horse battery"

// Now is when the fake desk's records end.
var Now = time.Date(2026, 11, 20, 10, 30, 0, 0, casework.Beijing)

// A Desk keeps everything in memory.
type Desk struct {
	mu          sync.Mutex
	book        *rulebook.Book
	engine      *screening.Engine
	users       []casework.User
	orgs        []casework.Org
	touchpoints []casework.Touchpoint
	inspections []casework.Inspection
	findings    []casework.Finding
	questions   []casework.Question
	schedules   []casework.Schedule
	imports     []casework.ImportRun
	kept        map[string][]byte // files that wait, by import
	audits      []casework.AuditEntry
	views       []casework.SavedView
	models      models
	failures    map[string]int
	requests    map[string]casework.VerdictResult
	started     map[string]casework.Inspection

	// Decisions counts the verdicts that changed something.
	Decisions int
	// Broken makes every read of inspections fail, as a lost database would.
	Broken bool
}

var _ console.Desk = (*Desk)(nil)

// Book is the embedded rulebook with a short checklist and some indicators.
var Book = sync.OnceValues(func() (*rulebook.Book, error) {
	pack, err := fs.Sub(packs, "pack")
	if err != nil {
		return nil, err
	}
	return rulebook.Load(pack)
})

var compiled = sync.OnceValues(func() (*screening.Engine, error) {
	book, err := Book()
	if err != nil {
		return nil, err
	}
	return screening.Compile(book)
})

// New makes a desk with the records of a small institution.
func New() (*Desk, error) {
	book, err := Book()
	if err != nil {
		return nil, err
	}
	engine, err := compiled()
	if err != nil {
		return nil, err
	}
	d := &Desk{
		book: book, engine: engine, failures: map[string]int{}, kept: map[string][]byte{}, requests: map[string]casework.VerdictResult{}, started: map[string]casework.Inspection{},
		orgs: institution(), users: people(), touchpoints: contacts(), models: someModels(),
	}
	d.fileInspections()
	d.fileRest()
	return d, nil
}

// Empty makes a desk with users and units and nothing else.
func Empty() (*Desk, error) {
	d, err := New()
	if err != nil {
		return nil, err
	}
	d.touchpoints, d.inspections, d.findings, d.questions, d.schedules, d.imports, d.views = nil, nil, nil, nil, nil, nil, nil
	d.models = models{switches: map[string]casework.ModelSwitch{}}
	return d, nil
}

// Console makes a console over the desk, with sessions in memory.
func (d *Desk) Console(log *slog.Logger) *console.Console {
	return &console.Console{
		Desk: d, Book: d.book, Log: log, Sessions: console.NewSessions(memstore.NewWithCleanupInterval(0), false),
		Screener:   func() console.Screener { return d.engine.NewScreener() },
		TemporalUI: "http://127.0.0.1:8233", Version: "test", Now: func() time.Time { return Now }, Poll: 2 * time.Millisecond,
	}
}

// page cuts one page out of rows; the cursor is the index where it begins.
func page[T any](rows []T, p casework.PageRequest) casework.Listing[T] {
	from, _ := strconv.Atoi(p.After)
	limit := cmp.Or(p.Limit, 50)
	from = min(from, len(rows))
	upto := min(from+limit, len(rows))
	l := casework.Listing[T]{Rows: slices.Clone(rows[from:upto]), Total: len(rows)}
	if upto < len(rows) {
		l.Next = strconv.Itoa(upto)
	}
	return l
}

func find[T any](rows []T, what string, is func(T) bool) (T, error) {
	if i := slices.IndexFunc(rows, is); i >= 0 {
		return rows[i], nil
	}
	var none T
	return none, casework.Errorf(casework.NotFound, "there is no such %s", what).InChinese("没有找到该记录")
}

func (d *Desk) audit(u casework.User, action, object string) {
	seq := int64(len(d.audits) + 1)
	d.audits = append(d.audits, casework.AuditEntry{
		Seq: seq, At: Now.Add(time.Duration(seq) * time.Second), By: u.ID, Action: action, Object: object, Detail: "{}",
		From: "console", Hash: fmt.Sprintf("%064x", seq*7919), Prev: fmt.Sprintf("%064x", (seq-1)*7919),
	})
}

// Audited counts the entries of the trail with this action.
func (d *Desk) Audited(action string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, e := range d.audits {
		if e.Action == action {
			n++
		}
	}
	return n
}

// SetProgress moves an inspection on, as a procedure would.
func (d *Desk) SetProgress(id string, tested int, status casework.InspectionStatus) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.inspections {
		if d.inspections[i].ID == id {
			d.inspections[i].Progress.Tested, d.inspections[i].Status = tested, status
		}
	}
}

// AddFinding files one more finding.
func (d *Desk) AddFinding(f casework.Finding) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.findings = append(d.findings, f)
}

// AddTouchpoint files one more touchpoint.
func (d *Desk) AddTouchpoint(t casework.Touchpoint) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.touchpoints = append([]casework.Touchpoint{t}, d.touchpoints...)
}

// AddAudit files one more entry of the trail.
func (d *Desk) AddAudit(e casework.AuditEntry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.audit(casework.User{ID: e.By}, e.Action, e.Object)
	d.audits[len(d.audits)-1].Detail = e.Detail
}

// Note has an inspection say why it stands as it does.
func (d *Desk) Note(inspection, why string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.inspections {
		if d.inspections[i].ID == inspection {
			d.inspections[i].Note = why
		}
	}
}
