package activities_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	sdk "go.temporal.io/sdk/worker"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// chunkEnv has one chunk of n touchpoints drawn: every tenth is a threat, and
// every second is a collection call, the threats among them.
func chunkEnv(t *testing.T, n int) (env, workflows.ChunkTest) {
	t.Helper()
	e := newEnv(t)
	must(e, workflows.DrawScope, order())
	for at := range n {
		row := casework.DrawnTouchpoint{Position: int64(at + 1), Touchpoint: casework.Touchpoint{
			ID: fmt.Sprintf("t-%04d", at), Channel: casework.ServiceChat, Text: "good morning",
		}}
		if at%2 == 0 {
			row.Channel = casework.CollectionCall
		}
		if at%10 == 0 {
			row.Text = "a threat"
		}
		e.rows = append(e.rows, row)
	}
	return e, workflows.ChunkTest{
		Inspection: "i-1", RulebookHash: hash,
		Chunk: casework.Chunk{No: 1, Upto: int64(n), Count: n},
	}
}

func TestTestTouchpointsFindsTheSameHoweverOftenItIsDone(t *testing.T) {
	t.Parallel()
	e, chunk := chunkEnv(t, 1230)
	for range 2 {
		result := must(e, workflows.TestTouchpoints, chunk)
		if result.Tested != 1230 || result.Found != 3*123 { // three items name the indicator
			t.Errorf("came to %+v", result)
		}
	}
	if got := e.found("I-1"); len(got) != 123 || got[1] != "t-0010" {
		t.Errorf("found %d, %v", len(got), got[:2])
	}
	if e.items["I-1"] != 615 || e.items["I-2"] != 1230 || e.items["I-3"] != 0 {
		t.Errorf("tested by item: %v", e.items)
	}
	f := e.findings[casework.FindingID("i-1", "I-1", "threat", "t-0010")]
	if f.Level != casework.Red || f.Status != casework.FindingCandidate || len(f.Evidence) != 1 || len(f.Basis) != 1 || f.Facts["calls_today"] != 4.0 {
		t.Errorf("found %+v", f)
	}
	for _, limit := range e.limits {
		if limit.Rows == 0 || limit.Rows > 1000 || limit.Bytes == 0 || limit.Bytes > 8<<20 {
			t.Errorf("read pages of %+v, which is not bounded", limit)
		}
	}
}

func TestTestTouchpointsGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	for name, hurt := range map[string]func(*memory){
		"a save failed":                 func(m *memory) { m.failSave = 2 },
		"the answer to a save was lost": func(m *memory) { m.loseAnswer = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, chunk := chunkEnv(t, 1230)
			hurt(e.memory)
			if _, err := perform(e, workflows.TestTouchpoints, chunk); err == nil {
				t.Fatal("the first attempt did not fail")
			}
			if at := e.chunks[1]; at.Position == 0 || at.Done {
				t.Fatalf("after the first attempt the chunk stands at %+v", at)
			}
			result := must(e, workflows.TestTouchpoints, chunk)
			if result.Tested != 1230 || result.Found != 3*123 || e.items["I-2"] != 1230 {
				t.Errorf("came to %+v, by item %v", result, e.items)
			}
		})
	}
}

func TestTestTouchpointsGivesWayToAnotherAttempt(t *testing.T) {
	t.Parallel()
	e, chunk := chunkEnv(t, 1230)
	reads := 0
	e.onRead = func() { // while this one reads its first page, another saves it
		if reads++; reads == 1 {
			e.chunks[1] = casework.ChunkProgress{Position: 500, Tested: 500}
		}
	}
	if _, err := perform(e, workflows.TestTouchpoints, chunk); err == nil || !strings.Contains(err.Error(), "another attempt") {
		t.Errorf("met %v", err)
	}
	if e.chunks[1].Tested != 500 {
		t.Errorf("counted twice: %+v", e.chunks[1])
	}
}

func TestTestTouchpointsIsNotTriedAgainOnceTheInspectionHasEnded(t *testing.T) {
	t.Parallel()
	e, chunk := chunkEnv(t, 10)
	e.refuse = casework.Errorf(casework.Conflict, "the inspection has ended").WithCode("ended")
	if _, err := perform(e, workflows.TestTouchpoints, chunk); kindOf(err) != casework.Conflict {
		t.Errorf("met %v", err)
	}
}

func TestTestTouchpointsStopsWithItsWorkerAndKeepsWhatIsSaved(t *testing.T) {
	t.Parallel()
	e, chunk := chunkEnv(t, 1230)
	stop := make(chan struct{})
	e.SetWorkerStopChannel(stop)
	reads := 0
	e.onRead = func() {
		if reads++; reads == 2 {
			close(stop)
		}
	}
	if _, err := perform(e, workflows.TestTouchpoints, chunk); err == nil || !strings.Contains(err.Error(), "stopping") {
		t.Errorf("met %v", err)
	}
	if at := e.chunks[1]; at.Position != 500 && at.Position != 0 {
		t.Errorf("stands at %+v", at)
	}
	e.SetWorkerStopChannel(make(chan struct{}))
	if result := must(e, workflows.TestTouchpoints, chunk); result.Tested != 1230 || result.Found != 3*123 {
		t.Errorf("came to %+v", result)
	}
}

func TestTestTouchpointsStopsWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	e, chunk := chunkEnv(t, 1230)
	ctx, cancel := context.WithCancel(t.Context())
	e.SetWorkerOptions(sdk.Options{BackgroundActivityContext: ctx})
	reads := 0
	e.onRead = func() {
		if reads++; reads == 2 {
			cancel()
		}
	}
	if _, err := perform(e, workflows.TestTouchpoints, chunk); err == nil || !strings.Contains(err.Error(), "cancel") {
		t.Errorf("met %v", err)
	}
	if at := e.chunks[1]; at.Done {
		t.Errorf("went on to %+v", at)
	}
}

func TestTestTouchpointsSurvivesATextTheEngineCannotRead(t *testing.T) {
	t.Parallel()
	e, chunk := chunkEnv(t, 700)
	e.rows[600].Text = "poison 13800138000"
	_, err := perform(e, workflows.TestTouchpoints, chunk)
	if err == nil || !strings.Contains(err.Error(), "t-0600") {
		t.Errorf("met %v, want the touchpoint's id", err)
	}
	if err != nil && strings.Contains(err.Error(), "13800138000") {
		t.Errorf("the error quotes the text: %v", err)
	}
	if at := e.chunks[1]; at.Position != 500 {
		t.Errorf("stands at %+v", at)
	}
}

func TestTestTouchpointsWaitsForItsRulebook(t *testing.T) {
	t.Parallel()
	e, chunk := chunkEnv(t, 10)
	chunk.RulebookHash = "deadbeef00"
	if _, err := perform(e, workflows.TestTouchpoints, chunk); kindOf(err) != casework.Busy {
		t.Errorf("met %v", err)
	}
	if len(e.findings) > 0 {
		t.Error("it was tested by another rulebook")
	}
}

func TestTestTouchpointsEndsAnEmptyChunk(t *testing.T) {
	t.Parallel()
	e, chunk := chunkEnv(t, 0)
	if result := must(e, workflows.TestTouchpoints, chunk); result.Tested != 0 || !e.chunks[1].Done {
		t.Errorf("came to %+v, stands at %+v", result, e.chunks[1])
	}
}
