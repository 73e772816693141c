package e2e_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"xiaobao/llm/fakellm"
)

// endpointKey is the key that the endpoint asks for. It is nobody's.
const endpointKey = "sk-of-nobody-but-this-test"

// An endpoint is the fake model endpoint as a program of its own, always at
// the same address.
type endpoint struct {
	program string
	address string
	running *exec.Cmd // nil: nothing listens
}

// newEndpoint builds the program and finds an address for it. Nothing listens
// there yet.
func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{program: filepath.Join(t.TempDir(), "fakellmd")}
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", e.program, "./llm/fakellm/fakellmd")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the fake endpoint: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e.address = l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.stop(t) })
	return e
}

// settings are those of a system that asks this endpoint.
func (e *endpoint) settings(more ...string) []string {
	return append([]string{
		"XIAOBAO_LLM_BASE_URL=http://" + e.address + "/v1", "XIAOBAO_LLM_API_KEY=" + endpointKey,
		"XIAOBAO_LLM_MODEL=" + fakellm.Answerer, "XIAOBAO_LLM_TIMEOUT=10s", "XIAOBAO_LLM_RATE=50",
		"XIAOBAO_LLM_PRICE=2,0.5,8,CNY",
	}, more...)
}

// start starts the endpoint anew, with an empty journal.
func (e *endpoint) start(t *testing.T, args ...string) {
	t.Helper()
	e.stop(t)
	cmd := exec.Command(e.program, append([]string{"--listen", e.address, "--key", endpointKey}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	e.running = cmd
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, e.address) {
		t.Fatalf("the fake endpoint says %q, %v", line, err)
	}
}

// stop ends the endpoint; nothing listens any more.
func (e *endpoint) stop(t *testing.T) {
	t.Helper()
	if e.running == nil {
		return
	}
	if err := e.running.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("stop the fake endpoint: %v", err)
	}
	if err := e.running.Wait(); err != nil {
		t.Errorf("the fake endpoint ended with %v", err)
	}
	e.running = nil
}

// A request is a line of the endpoint's journal.
type request struct {
	Work   string          `json:"work"` // attempts at the same work share it
	Prompt string          `json:"prompt"`
	Status int             `json:"status"`
	Step   string          `json:"step"`
	Whole  bool            `json:"whole"` // answered in full
	Sent   int64           `json:"sent"`  // bytes
	Body   json.RawMessage `json:"body"`
}

// journal is all that the endpoint was asked since it was started.
func (e *endpoint) journal(t *testing.T) []request {
	t.Helper()
	var j struct{ Entries []request }
	if err := json.Unmarshal(e.get(t, "/journal?bodies=yes"), &j); err != nil {
		t.Fatal(err)
	}
	return j.Entries
}

// verdict is what the client did wrong, as the endpoint sees it.
func (e *endpoint) verdict(t *testing.T) []string {
	t.Helper()
	var v struct{ Faults []string }
	if err := json.Unmarshal(e.get(t, "/verdict"), &v); err != nil {
		t.Fatal(err)
	}
	return v.Faults
}

func (e *endpoint) get(t *testing.T, path string) []byte {
	t.Helper()
	answer, err := (&http.Client{Timeout: time.Minute}).Get("http://" + e.address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }() // only read
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", path, answer.Status, err)
	}
	return text
}

// tell registers personal data that no request may hold, or scripts faults.
func (e *endpoint) tell(t *testing.T, path string, lines ...string) {
	t.Helper()
	answer, err := (&http.Client{Timeout: time.Minute}).Post("http://"+e.address+path, "text/plain", strings.NewReader(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusNoContent {
		t.Fatalf("%s: %s %v", path, answer.Status, err)
	}
}
