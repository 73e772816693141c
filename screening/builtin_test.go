package screening_test

import (
	"testing"

	"xiaobao/rulebook"
	"xiaobao/screening"
)

func TestBuiltInExamplesAreJudgedAsTheySay(t *testing.T) {
	t.Parallel()
	book, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := screening.Compile(book)
	if err != nil {
		t.Fatal(err)
	}
	for _, failure := range screening.RunExamples(engine) {
		t.Error(failure)
	}
}
