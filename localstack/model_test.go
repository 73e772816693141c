package localstack_test

import (
	"slices"
	"testing"
)

// A model that is set up while the system runs must reach worker and console:
// what they are started with differs then, so that "up" starts them again.
func TestSettingsOfModelsAreWhatWorkerAndConsoleAreStartedWith(t *testing.T) {
	t.Parallel()
	h, variables := newHome(t), freePorts(t)
	without := plan(t, h, options(variables))
	variables["XIAOBAO_LLM_BASE_URL"], variables["XIAOBAO_LLM2_MODEL"] = "https://api.example.com/v1", "m2"
	with := plan(t, h, options(variables))
	for n, part := range with.Stages[2].Parts {
		for _, setting := range []string{"XIAOBAO_LLM_BASE_URL=https://api.example.com/v1", "XIAOBAO_LLM2_MODEL=m2"} {
			if !slices.Contains(part.Command.Env, setting) {
				t.Errorf("%s is started without %s", part.Name, setting)
			}
			if slices.Contains(without.Stages[2].Parts[n].Command.Env, setting) {
				t.Errorf("%s was started with %s before it was set", part.Name, setting)
			}
		}
	}
}
