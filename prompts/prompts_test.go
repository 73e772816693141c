package prompts_test

import (
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/prompts"
)

func TestEveryPromptSaysWhoAnswersForItAndWhatChanged(t *testing.T) {
	t.Parallel()
	for _, p := range prompts.All() {
		if p.Owner == "" || p.Language != "zh-CN" || p.System == "" || p.Task == "" || len(p.Schema) == 0 {
			t.Errorf("%s: owner, language, system, task or schema is missing", p.Name())
		}
		if n := len(p.Changes); n != p.Version || p.Changes[n-1].Version != p.Version || p.Changes[n-1].What == "" || p.Changes[n-1].Date == "" {
			t.Errorf("%s: the changes do not tell of each version up to this one", p.Name())
		}
		if n := len(p.Examples); n < 3 || n > 5 {
			t.Errorf("%s has %d examples, not 3 to 5", p.Name(), n)
		}
		if len(p.Hash) != 64 || len(p.SchemaHash) != 64 {
			t.Errorf("%s: digests are missing", p.Name())
		}
	}
}

func TestAPromptIsFoundByPurposeAndByName(t *testing.T) {
	t.Parallel()
	latest, err := prompts.Latest(string(casework.ToJudge))
	if err != nil {
		t.Fatal(err)
	}
	named, err := prompts.Named(latest.Name())
	if err != nil {
		t.Fatal(err)
	}
	if named != latest {
		t.Errorf("%s by its name is another prompt", latest.Name())
	}
	for _, find := range []func(string) (*prompts.Prompt, error){prompts.Latest, prompts.Named} {
		if _, err := find("judge.v0"); err == nil || !strings.Contains(err.Error(), "judge.v1") {
			t.Errorf("an unknown prompt gives %v, which does not say what there is", err)
		}
	}
}
