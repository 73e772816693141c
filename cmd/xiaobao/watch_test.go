package main

import (
	"testing"
	"time"

	"xiaobao/casework"
)

func TestWatchingTellsOnceThatNoWorkerSeemsToRun(t *testing.T) {
	t.Parallel()
	const ordered, drawing, testing = casework.InspectionOrdered, casework.InspectionDrawing, casework.InspectionTesting
	type look struct {
		second int
		status casework.InspectionStatus
		told   bool
	}
	for name, looks := range map[string][]look{
		"never taken up":      {{0, ordered, false}, {14, ordered, false}, {15, ordered, true}, {60, ordered, false}},
		"taken up and left":   {{0, ordered, false}, {14, drawing, false}, {28, drawing, false}, {29, drawing, true}, {90, drawing, false}},
		"tested for long":     {{0, ordered, false}, {5, testing, false}, {600, testing, false}},
		"told, then drawing":  {{0, ordered, false}, {20, ordered, true}, {21, drawing, false}, {60, drawing, false}},
		"looked at from late": {{500, drawing, false}, {510, drawing, false}, {515, drawing, true}},
	} {
		var s stall
		for _, l := range looks {
			if told := s.waits(l.status, time.Unix(1_000_000, 0).Add(time.Duration(l.second)*time.Second)); told != l.told {
				t.Errorf("%s: after %d s in %s told: %v", name, l.second, l.status, told)
			}
		}
	}
}

func TestAMisspeltSwitchForHTTPSIsRefused(t *testing.T) {
	for given, want := range map[string]bool{"": false, "true": true, "1": true, "false": false} {
		t.Setenv("XIAOBAO_SECURE", given)
		if got, err := secureByEnvironment(); err != nil || got != want {
			t.Errorf("%q is %v, %v", given, got, err)
		}
	}
	t.Setenv("XIAOBAO_SECURE", "yes please")
	if _, err := secureByEnvironment(); casework.KindOf(err) != casework.Invalid {
		t.Errorf("%v", err)
	}
}
