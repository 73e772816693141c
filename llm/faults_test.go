package llm_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/llm/fakellm"
)

// What a fault leads to when it happens once, or every time.
type consequence struct {
	trouble  casework.ModelTrouble // of one call; empty: none
	repaired bool                  // once: the second round of the same question mends it
	wait     time.Duration         // at least, before the next attempt
	hasty    bool                  // the client's own deadline ends it
}

// consequences of every fault, by row of the fault matrix.
var consequences = map[int]map[string]consequence{
	1: {
		"limit_seconds": {trouble: casework.TroubleAway, wait: fakellm.Long}, "limit_fraction": {trouble: casework.TroubleAway, wait: fakellm.Long},
		"limit_date": {trouble: casework.TroubleAway, wait: fakellm.Long - time.Second}, "limit_milliseconds": {trouble: casework.TroubleAway, wait: fakellm.Long},
		"limit_bare": {trouble: casework.TroubleAway},
	},
	2: {
		"quota": {trouble: casework.TroubleQuota}, "balance": {trouble: casework.TroubleQuota}, "arrears": {trouble: casework.TroubleQuota},
		"key_wrong": {trouble: casework.TroubleRefuses}, "key_forbidden": {trouble: casework.TroubleRefuses},
		"model_unknown": {trouble: casework.TroubleRefuses}, "request_wrong": {trouble: casework.TroubleRefuses},
		"too_long": {trouble: casework.TroubleTooLong}, "too_large": {trouble: casework.TroubleTooLong},
	},
	3: all(consequence{trouble: casework.TroubleAway}, "broken", "broken_page", "broken_empty", "loading", "overloaded", "gateway_timeout",
		"request_timeout", "error_is_a_string", "error_without_message", "error_flat"),
	4: all(consequence{trouble: casework.TroubleAway}, "ok_error", "ok_empty", "ok_null", "ok_no_choices", "ok_page", "ok_array", "ok_half"),
	5: merged(
		all(consequence{trouble: casework.TroubleAway}, "closed_at_once", "closed_in_headers", "closed_after_headers", "closed_in_body"),
		all(consequence{trouble: casework.TroubleAway, hasty: true}, "no_headers", "no_body", "half_body"),
	),
	6: all(consequence{}, "blank_lines"),
	// We never ask for a stream, so one that comes anyway is no answer: whole,
	// cut or empty, the same is asked again.
	7: all(consequence{trouble: casework.TroubleAway}, "stream_without_end", "stream_cut_in_line", "stream_error", "stream_error_spaced", "stream_error_first",
		"stream_keep_alive", "stream_usage_only", "stream_without_done", "stream_length", "stream_empty"),
	8: merged(
		all(consequence{trouble: casework.TroubleBadOutput, repaired: true}, "finish_length", "finish_length_whole", "tool_calls"),
		all(consequence{trouble: casework.TroubleFiltered}, "finish_filter", "finish_filter_partial", "refusal", "inspection"),
		all(consequence{trouble: casework.TroubleAway}, "finish_unknown", "finish_missing"),
	),
	9: merged(
		all(consequence{trouble: casework.TroubleBadOutput, repaired: true}, "blank", "spaces", "blank_lines_only", "wide_spaces", "only_reasoning", "only_think",
			"open_think", "prose", "null_answer", "string_answer", "array_answer", "empty_object", "two_objects", "double_keys", "not_a_number", "half_answer",
			"escaped_twice", "python", "wide_marks"),
		all(consequence{}, "think", "fences", "bare_fences", "prose_around", "byte_order_mark", "trailing_comma"),
	),
	13: merged(
		all(consequence{trouble: casework.TroubleAway}, "huge", "endless", "endless_stream", "nested_body", "gzip_bomb"),
		all(consequence{trouble: casework.TroubleBadOutput, repaired: true}, "nested_answer"),
	),
	14: all(consequence{}, "alias", "model_unsaid"),
}

func all(c consequence, names ...string) map[string]consequence {
	m := map[string]consequence{}
	for _, n := range names {
		m[n] = c
	}
	return m
}

func merged(maps ...map[string]consequence) map[string]consequence {
	m := map[string]consequence{}
	for _, more := range maps {
		for name, c := range more {
			m[name] = c
		}
	}
	return m
}

func TestEveryFaultHasItsConsequence(t *testing.T) {
	t.Parallel()
	for row, faults := range consequences {
		for _, name := range fakellm.FaultsOfRow(row) {
			if _, ok := faults[name]; !ok {
				t.Errorf("row %d: nothing is said about %s", row, name)
			}
		}
		for name := range faults {
			if !slices.Contains(fakellm.FaultsOfRow(row), name) {
				t.Errorf("row %d has no fault %s", row, name)
			}
		}
	}
}

// Every row of the fault matrix, each fault once: the call is classed as it
// must be, and who asks as the procedures do gets a true answer or the right
// trouble, without a retry that is none of its business.
func TestAFaultLeadsToItsTroubleAndNoFurther(t *testing.T) {
	t.Parallel()
	for row, faults := range consequences {
		for name, want := range faults {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				b := against(t, fakellm.Options{})
				q := doubt(conversation())
				b.Next(fakellm.Fault(name))
				if want.hasty {
					if _, _, err := b.again(t, b.kept, hasty).Judge(t.Context(), q); llm.TroubleOf(err) != want.trouble {
						t.Errorf("row %d: ended with %v", row, err)
					}
				}
				verdict, answer, err := b.insist(t.Context(), q)
				first := endedCalls(b.kept)[0]
				if first.Trouble != want.trouble || first.RetryAfter < want.wait || want.wait == 0 && first.RetryAfter != 0 {
					t.Errorf("row %d: the first call ended with %q (HTTP %d), wait %s; want %+v", row, first.Trouble, first.HTTPStatus, first.RetryAfter, want)
				}
				mends := want.trouble == "" || want.repaired || llm.Retryable(want.trouble)
				switch {
				case mends && err != nil:
					t.Errorf("row %d: the second attempt did not mend it: %v", row, err)
				case !mends && llm.TroubleOf(err) != want.trouble:
					t.Errorf("row %d: ended with %v", row, err)
				case err == nil:
					soundVerdict(t, q, verdict)
					b.Accepted(t, answer.JSON)
					if verdict.Judgements[0].Shown != casework.Yes || answer.Call.Repaired != want.repaired {
						t.Errorf("row %d: %+v, call %+v", row, verdict, answer.Call)
					}
				}
				quietError(t, err, q.Touchpoint)
				pairedCalls(t, b.kept)
				b.AssertResilient(t)
			})
		}
	}
}

// The same faults, every time: nobody is asked more often than agreed, and
// nothing is accepted.
func TestAFaultThatStaysIsGivenUpOn(t *testing.T) {
	t.Parallel()
	for row, faults := range consequences {
		for name, want := range faults {
			if want.trouble == "" || want.hasty || row == 13 {
				continue // harmless, or already tried at length
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				b := against(t, fakellm.Options{})
				b.Always(fakellm.Any, fakellm.Fault(name))
				q := doubt(conversation())
				_, answer, err := b.insist(t.Context(), q)
				if llm.TroubleOf(err) != want.trouble || len(answer.JSON) > 0 {
					t.Errorf("row %d: ended with %v and %d bytes of an answer", row, err, len(answer.JSON))
				}
				asked := map[bool]int{llm.Retryable(want.trouble): 6, want.repaired: 2}[true]
				if asked == 0 {
					asked = 1
				}
				if b.Asked() != asked {
					t.Errorf("row %d: asked %d times, want %d", row, b.Asked(), asked)
				}
				quietError(t, err, q.Touchpoint)
				pairedCalls(t, b.kept)
				b.AssertResilient(t)
			})
		}
	}
}

func endedCalls(l *llm.Memory) []casework.ModelCall {
	var ended []casework.ModelCall
	for _, c := range l.Calls() {
		if c.Stage == casework.CallEnded {
			ended = append(ended, c)
		}
	}
	return ended
}

// pairedCalls checks that every call that began has ended in the record.
func pairedCalls(t testing.TB, l *llm.Memory) {
	t.Helper()
	begun := map[string]int{}
	for _, c := range l.Calls() {
		if c.Stage == casework.CallBegun {
			begun[c.ID]++
		} else if !c.Cached {
			begun[c.ID]--
		}
	}
	for id, open := range begun {
		if open != 0 {
			t.Errorf("call %s has %d more beginnings than ends", id, open)
		}
	}
}

func TestAServerThatNeverShakesHandsIsAway(t *testing.T) { // row 5, TLS
	t.Parallel()
	b := against(t, fakellm.Options{})
	stalled := b.again(t, b.kept, hasty, func(e *llm.Endpoint) { e.BaseURL = fakellm.Stall(t) })
	if _, _, err := stalled.Judge(t.Context(), doubt(conversation())); llm.TroubleOf(err) != casework.TroubleAway {
		t.Errorf("ended with %v", err)
	}
}

func TestAWithdrawnQuestionIsNotHeldAgainstTheModel(t *testing.T) { // row 5, whoever asked goes away
	t.Parallel()
	b := against(t, fakellm.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	b.Next(fakellm.Step{Name: "withdrawn", Serve: func(x *fakellm.Exchange) {
		cancel()
		fakellm.Fault("no_headers").Serve(x)
	}})
	if _, _, err := b.Judge(ctx, doubt(conversation())); llm.TroubleOf(err) != casework.TroubleCancelled {
		t.Errorf("ended with %v", err)
	}
	pairedCalls(t, b.kept)
}

func TestAnotherModelThanAskedIsOnRecord(t *testing.T) { // row 14
	t.Parallel()
	b := against(t, fakellm.Options{})
	b.Next(fakellm.Fault("alias"))
	_, answer, err := b.Judge(t.Context(), doubt(conversation()))
	if err != nil || answer.Call.Asked != fakellm.Answerer || answer.Call.Answered != fakellm.Answerer+"-20261101" {
		t.Errorf("on record: asked %q, answered %q (%v)", answer.Call.Asked, answer.Call.Answered, err)
	}
}

// mortal is a ledger of a worker that is killed while it writes.
type mortal struct {
	*llm.Memory
	dies func(c casework.ModelCall) bool
}

// AppendCall writes, unless the worker dies first.
func (m *mortal) AppendCall(ctx context.Context, c casework.ModelCall, answer []byte) error {
	if m.dies(c) {
		return errors.New("killed")
	}
	return m.Memory.AppendCall(ctx, c, answer)
}

func TestAKilledWorkerCostsOneMoreCallAtMost(t *testing.T) { // row 15
	t.Parallel()
	for name, test := range map[string]struct {
		dies bool // between the answer and its record
		asks int
	}{
		"after the answer is on record":  {false, 1},
		"before the answer is on record": {true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := against(t, fakellm.Options{})
			q := doubt(conversation())
			q.Key, q.Attempt = "batch-1/tp-1", 1
			first := b.again(t, &mortal{b.kept, func(c casework.ModelCall) bool { return test.dies && c.Stage == casework.CallEnded }})
			if _, _, err := first.Judge(t.Context(), q); (err != nil) != test.dies {
				t.Fatalf("the first attempt ended with %v", err)
			}
			q.Attempt = 2
			verdict, _, err := b.Judge(t.Context(), q)
			if err != nil || b.Asked() != test.asks {
				t.Errorf("the second attempt: %v, asked %d times, want %d", err, b.Asked(), test.asks)
			}
			soundVerdict(t, q, verdict)
			b.AssertResilient(t)
		})
	}
}
