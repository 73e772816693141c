package console_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/web/console"
)

// listen opens the events of an inspection and gives them line by line.
func (b *browser) listen(ctx context.Context, path string) *bufio.Scanner {
	b.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	response, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		b.Fatalf("the stream is %q", kind)
	}
	return bufio.NewScanner(response.Body)
}

// until reads lines until one contains the words.
func until(t *testing.T, lines *bufio.Scanner, words string) {
	t.Helper()
	for lines.Scan() {
		if strings.Contains(lines.Text(), words) {
			return
		}
	}
	t.Fatalf("the stream ended without %q: %v", words, lines.Err())
}

func TestProgressIsSentAsItChangesUntilTheStatusDoes(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	lines := b.listen(ctx, "/inspections/i-1c88/events")
	until(t, lines, "31,774")
	b.desk.SetProgress("i-1c88", 40000, casework.InspectionTesting)
	until(t, lines, "event: progress")
	until(t, lines, "40,000")
	b.desk.SetProgress("i-1c88", 48210, casework.InspectionAdjudicating)
	until(t, lines, "48,210")
	until(t, lines, "event: status")
	until(t, lines, "data: adjudicating")
	for lines.Scan() {
		if lines.Text() != "" {
			t.Errorf("after the status came %q", lines.Text())
		}
	}
}

func TestAQuietStreamShowsThatItLives(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	until(t, b.listen(ctx, "/inspections/i-1c88/events"), ": still here")
}

func TestTheStreamOfAFinalInspectionEnds(t *testing.T) {
	t.Parallel()
	b := open(t, "officer", func(c *console.Console) { c.Poll = time.Hour })
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	lines := b.listen(ctx, "/inspections/i-02b9/events")
	until(t, lines, "event: progress")
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "event: status") {
			t.Error("a final inspection has no other status to come")
		}
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream did not end well: %v", err)
	}
}

func TestTheStreamOfADisabledUserEnds(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	lines := b.listen(ctx, "/inspections/i-1c88/events")
	until(t, lines, "31,774")
	if err := b.desk.SetActive(ctx, casework.User{}, "u-li", false); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "event:") {
			t.Errorf("a disabled user is sent %q", lines.Text())
		}
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream did not end well: %v", err)
	}
}

func TestAPageThatShowsAnOlderStatusIsToldAtOnce(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	lines := b.listen(ctx, "/inspections/i-1c88/events?shown=ordered")
	until(t, lines, "event: status")
	until(t, lines, "data: testing")
}
