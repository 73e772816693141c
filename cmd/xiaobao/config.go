package main

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"xiaobao/casework"
	"xiaobao/localstack"
)

// A config is where the parts of a running system are. The environment comes
// first; what it leaves open, the local system of XIAOBAO_HOME answers, if
// there is one.
type config struct {
	database   string
	temporal   string
	namespace  string
	listen     string
	temporalUI string
	home       string
}

func readConfig() (config, error) {
	home := cmp.Or(os.Getenv("XIAOBAO_HOME"), "var")
	local := localEnvironment(home)
	get := func(name, otherwise string) string {
		return cmp.Or(os.Getenv(name), local[name], otherwise)
	}
	c := config{
		database:   get("XIAOBAO_DATABASE_URL", ""),
		temporal:   get("TEMPORAL_ADDRESS", "127.0.0.1:7233"),
		namespace:  get("TEMPORAL_NAMESPACE", "default"),
		listen:     get("XIAOBAO_LISTEN", "127.0.0.1:8080"),
		temporalUI: get("XIAOBAO_TEMPORAL_UI", ""),
		home:       home,
	}
	if c.database == "" {
		return c, casework.Errorf(casework.Invalid,
			"no database: set XIAOBAO_DATABASE_URL, or start a local system with \"xiaobao up\"")
	}
	return c, nil
}

// localEnvironment is what the local system of a home would set; nothing if
// there is none.
func localEnvironment(home string) map[string]string {
	if _, err := os.Stat(filepath.Join(home, "stack.json")); err != nil {
		return nil
	}
	h, err := localstack.OpenHome(home)
	if err != nil {
		return nil // readConfig says what is missing
	}
	lines, err := h.Environment()
	if err != nil {
		return nil
	}
	values := make(map[string]string, len(lines))
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		values[name] = value
	}
	return values
}
