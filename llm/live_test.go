//go:build live

package llm_test

import (
	"encoding/json"
	"os"
	"testing"

	"xiaobao/casework"
	"xiaobao/llm"
)

// The contract with a real endpoint, for whoever has one:
//
//	XIAOBAO_LLM_BASE_URL=… XIAOBAO_LLM_API_KEY=… XIAOBAO_LLM_MODEL=… go test -tags live -v -run Live ./llm/...
//
// It says whether an endpoint can be worked with, and what it can do; how well
// its model judges is another question, which `xiaobao eval` answers.
func TestLiveContract(t *testing.T) {
	if os.Getenv("XIAOBAO_LLM_BASE_URL") == "" {
		t.Skip("XIAOBAO_LLM_BASE_URL is not set")
	}
	endpoints, err := llm.ReadEndpoints(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range endpoints {
		t.Run(e.ID, func(t *testing.T) {
			kept := llm.NewMemory()
			m, err := llm.Open(e, kept, masker(t))
			if err != nil {
				t.Fatal(err)
			}
			card := m.Doctor(t.Context())
			text, err := json.MarshalIndent(card, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("capability card:\n%s", text)
			if !card.Usable() {
				t.Fatal("the endpoint cannot be worked with")
			}
			q := doubt(conversation())
			verdict, answer, err := m.Judge(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			soundVerdict(t, q, verdict)
			pairedCalls(t, kept)
			t.Logf("judge: %d of %d findings stand, %d+%d tokens, %s", answer.Call.Grounded, answer.Call.Stated, answer.Call.TokensIn, answer.Call.TokensOut, answer.Call.Took)
			for purpose, c := range contracts {
				_, evidence, answer, err := c.ask(t.Context(), m, llm.DocumentQuestion{Document: c.document, Options: c.options})
				if trouble := llm.TroubleOf(err); err != nil && trouble != casework.TroubleUngrounded && trouble != casework.TroubleBadOutput {
					t.Errorf("%s: %v", purpose, err)
					continue
				}
				original := []rune(c.document.Text)
				for _, e := range evidence {
					if string(original[e.Start:e.End]) != e.Quote {
						t.Errorf("%s: %+v does not stand in the text", purpose, e)
					}
				}
				t.Logf("%s: %v; %d of %d findings stand, repaired %v", purpose, err, answer.Call.Grounded, answer.Call.Stated, answer.Call.Repaired)
			}
		})
	}
}
