package casework_test

import (
	"encoding/json"
	"errors"
	"testing"

	"xiaobao/casework"
)

func TestWordsOfAnAnswerAreChangedAndCodesStay(t *testing.T) {
	t.Parallel()
	answer, err := json.Marshal(casework.ComplaintAnswer{
		Cause: casework.Choice{Code: "C01", Reason: "张伟说的", Certainty: 0.5, Evidence: []casework.Evidence{{Start: 1, End: 3, Quote: "张伟", Speaker: casework.Consumer}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	changed, err := casework.MapWords(answer, func(text string) (string, error) { return "<" + text + ">", nil })
	if err != nil {
		t.Fatal(err)
	}
	var got casework.ComplaintAnswer
	if err := json.Unmarshal(changed, &got); err != nil {
		t.Fatal(err)
	}
	if got.Cause.Code != "C01" || got.Cause.Reason != "<张伟说的>" || got.Cause.Evidence[0].Quote != "<张伟>" ||
		got.Cause.Evidence[0].Speaker != casework.Consumer || got.Cause.Evidence[0].End != 3 || got.Cause.Certainty != 0.5 {
		t.Errorf("changed to %+v", got.Cause)
	}
	broken := errors.New("no such token")
	if _, err := casework.MapWords(answer, func(string) (string, error) { return "", broken }); !errors.Is(err, broken) {
		t.Errorf("met %v", err)
	}
	if _, err := casework.MapWords([]byte(`{`), nil); err == nil {
		t.Error("half an answer was read")
	}
}
