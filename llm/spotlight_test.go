package llm

import (
	"strconv"
	"testing"

	"xiaobao/privacy"
)

// A fence that reads like somebody's account would stop the request as a leak.
func TestNoFenceIsTakenForPersonalData(t *testing.T) {
	t.Parallel()
	for i := range 5000 {
		f := newFence("数据", strconv.Itoa(i))
		if spans := privacy.Leaks(f.open + "\n[S1 坐席] 您好\n" + f.end + " " + secretWord("canary", strconv.Itoa(i))); len(spans) > 0 {
			t.Fatalf("%s is taken for %s", f.open, spans[0].Kind)
		}
	}
}
