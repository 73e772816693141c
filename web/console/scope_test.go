package console_test

import "testing"

func TestTheLastNinetyDaysAreOffered(t *testing.T) {
	t.Parallel()
	open(t, "officer").get("/inspections/new").has(t, "最近 90 天", `value="last_90"`)
}
