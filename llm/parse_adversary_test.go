package llm_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"xiaobao/casework"
)

// TestCharactersThatNobodyWritesDoNotGetIntoAnswers has a model answer with
// the one character that PostgreSQL's JSON does not take: an inspection would
// stop at it for ever.
func TestCharactersThatNobodyWritesDoNotGetIntoAnswers(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{`\u0000`, `\u001b[2J`, `\u0007`} {
		p := serve(t, says(`{"evidence":[{"utterance":"S1","anchor":"我`+hostile+`保证"}],"shown":"否"}`), says(`{"evidence":[],"shown":"否"}`))
		m, memory := open(t, p, nil)
		answer, err := m.Ask(t.Context(), question())
		if err != nil || !answer.Call.Repaired || memory.Calls()[1].Trouble != casework.TroubleBadOutput {
			t.Errorf("%s: %+v, %v", hostile, answer.Call, err)
		}
	}
}

func TestWhatAModelCallsItselfIsPlainText(t *testing.T) {
	t.Parallel()
	text := strings.Replace(completion(map[string]any{"content": `{"evidence":[],"shown":"否"}`}, "stop"), `"small-1"`, `"small\u0000\u001b[2J\n=1"`, 1)
	p := serve(t, body(http.StatusOK, text))
	m, _ := open(t, p, nil)
	answer, err := m.Ask(t.Context(), question())
	if err != nil {
		t.Fatal(err)
	}
	record, err := json.Marshal(answer.Call)
	if err != nil || strings.Contains(string(record), `\u00`) || strings.Contains(string(record), `\n`) || answer.Call.Answered == "" {
		t.Errorf("on record: %s, %v", record, err)
	}
}
