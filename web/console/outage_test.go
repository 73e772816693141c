package console_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/web/console"
)

// A lossy store of sessions is away when it is told to be.
type lossy struct {
	*memstore.MemStore
	finds, commits atomic.Bool // these fail
}

func errAway() error {
	return casework.Errorf(casework.Internal, "session: the database does not answer just now").
		InChinese("数据库暂时没有应答").WithCode(casework.CodeDatabaseAway).
		Because(&net.OpError{Op: "dial", Err: errors.New("connection refused")})
}

func (s *lossy) Find(token string) ([]byte, bool, error) {
	if s.finds.Load() {
		return nil, false, errAway()
	}
	return s.MemStore.Find(token)
}

func (s *lossy) Commit(token string, data []byte, expiry time.Time) error {
	if s.commits.Load() {
		return errAway()
	}
	return s.MemStore.Commit(token, data, expiry)
}

// A journal is a log that many may write to.
type journal struct {
	sync.Mutex
	bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.Lock()
	defer j.Unlock()
	return j.Buffer.Write(b)
}

// lines are what was logged; each must be a JSON object.
func (j *journal) lines(t *testing.T) []map[string]any {
	t.Helper()
	j.Lock()
	defer j.Unlock()
	var lines []map[string]any
	for in := bufio.NewScanner(bytes.NewReader(j.Bytes())); in.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatalf("%q: %v", in.Text(), err)
		}
		lines = append(lines, line)
	}
	return lines
}

func openLossy(t *testing.T) (*browser, *lossy, *journal) {
	t.Helper()
	store, log := &lossy{MemStore: memstore.NewWithCleanupInterval(0)}, &journal{}
	b := open(t, "", func(c *console.Console) {
		c.Sessions = console.NewSessions(store, false)
		c.Log = slog.New(slog.NewJSONHandler(log, nil))
	})
	return b, store, log
}

func TestWithoutItsDatabaseTheConsoleSaysSoAndSessionsComeBack(t *testing.T) {
	t.Parallel()
	b, store, log := openLossy(t)
	b.login("officer")
	store.finds.Store(true)
	a := b.get("/touchpoints?search=" + url.QueryEscape("张伟13912345678"))
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("%d %v", a.status, a.header)
	}
	a.has(t, "503", "系统暂时不可用", "数据库暂时没有应答", "<html")
	a.lacks(t, "connection refused", "dial")

	r, err := http.NewRequest(http.MethodGet, b.base+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "xiaobao_language", Value: "en"})
	b.do(r).has(t, "Not available just now", "the database does not answer just now")

	lines := log.lines(t)
	if len(lines) != 2 {
		t.Fatalf("%d lines are logged: %v", len(lines), lines)
	}
	for _, line := range lines {
		if line["level"] != "ERROR" || line["status"] != 503.0 || line["reference"] == "" {
			t.Errorf("logged %v", line)
		}
	}
	a.has(t, lines[0]["reference"].(string))
	if strings.Contains(log.String(), "139123") || strings.Contains(log.String(), "%E5%BC%A0") {
		t.Error("the log has what was looked for")
	}
	store.finds.Store(false)
	if a := b.get("/inspections"); a.status != http.StatusOK {
		t.Errorf("afterwards the session answers %d %s", a.status, a.location())
	}
}

func TestAnAnswerWhoseSessionCannotBeSavedIsTheErrorPageAlone(t *testing.T) {
	t.Parallel()
	b, store, log := openLossy(t)
	store.commits.Store(true)
	a := b.post("/login", url.Values{"login": {"officer"}, "password": {"wrong"}})
	if a.status == http.StatusOK {
		t.Errorf("a wrong password answers %d", a.status)
	}
	a = b.get("/inspections") // is to be remembered for after the login
	if a.status != http.StatusServiceUnavailable || a.location() != "" || strings.Count(a.body, "</html>") != 1 {
		t.Errorf("%d, to %q: %s", a.status, a.location(), a.body)
	}
	a.has(t, "数据库暂时没有应答")
	if got := log.lines(t); len(got) == 0 || got[len(got)-1]["route"] != "GET /inspections" {
		t.Errorf("logged %v", got)
	}
}

// stuck is a desk whose procedures do not answer.
type stuck struct{ console.Desk }

func (stuck) Answer(context.Context, casework.User, desk.AnswerRequest) error {
	return casework.Errorf(casework.Busy, "the procedure does not answer just now").
		InChinese("流程引擎暂时没有响应，请稍后重试").WithCode("procedure_busy")
}

func TestAProcedureThatDoesNotAnswerIsUnavailableAndTheEntriesStay(t *testing.T) {
	t.Parallel()
	b := open(t, "business", func(c *console.Console) { c.Desk = stuck{c.Desk} })
	a := b.post("/questions/q-1", url.Values{"outcome": {"passed"}, "note": {"见会议纪要 7 号"}})
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("answers %d %v", a.status, a.header)
	}
	a.has(t, "流程引擎暂时没有响应", "见会议纪要 7 号")
}
