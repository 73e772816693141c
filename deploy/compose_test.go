// Package deploy_test holds docker-compose.yml, the Dockerfile and what they
// name together: where no container engine is at hand, a typing mistake in
// them would otherwise first be seen by whoever installs the system.
package deploy_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type composition struct {
	Services map[string]service `yaml:"services"`
	Volumes  map[string]any     `yaml:"volumes"`
}

type service struct {
	Image         string                `yaml:"image"`
	Build         string                `yaml:"build"`
	ContainerName string                `yaml:"container_name"`
	Command       []string              `yaml:"command"`
	Environment   map[string]string     `yaml:"environment"`
	DependsOn     map[string]dependency `yaml:"depends_on"`
	Ports         []string              `yaml:"ports"`
	Volumes       []string              `yaml:"volumes"`
	Healthcheck   *struct {
		Test []string `yaml:"test"`
	} `yaml:"healthcheck"`
	Restart string `yaml:"restart"`
}

type dependency struct {
	Condition string `yaml:"condition"`
}

func TestTheCompositionHasEveryPartOnce(t *testing.T) {
	t.Parallel()
	want := []string{"migrate", "postgres", "serve", "setup", "temporal", "temporal-namespace", "temporal-schema", "temporal-ui", "work"}
	if got := slices.Sorted(maps.Keys(compose(t).Services)); !slices.Equal(got, want) {
		t.Errorf("services are %q, want %q", got, want)
	}
}

func TestEveryServiceWaitsForWhatItNeeds(t *testing.T) {
	t.Parallel()
	services := compose(t).Services
	for name, s := range services {
		for on, d := range s.DependsOn {
			other, known := services[on]
			switch {
			case !known:
				t.Errorf("%s depends on %s, which does not exist", name, on)
			case d.Condition == "service_healthy" && other.Healthcheck == nil:
				t.Errorf("%s waits for the health of %s, which reports none", name, on)
			case d.Condition == "service_completed_successfully" && other.Restart != "no":
				t.Errorf("%s waits for the end of %s, which restarts", name, on)
			case d.Condition != "service_healthy" && d.Condition != "service_completed_successfully":
				t.Errorf("%s depends on %s with condition %q", name, on, d.Condition)
			}
		}
	}
	for name, needs := range map[string][]string{
		"work":  {"postgres", "temporal", "temporal-schema", "temporal-namespace", "migrate", "setup"},
		"serve": {"postgres", "temporal", "temporal-schema", "temporal-namespace", "migrate", "setup"},
		"setup": {"postgres", "temporal", "temporal-namespace", "migrate"},
	} {
		before := map[string]bool{}
		upstream(t, services, name, before, nil)
		for _, need := range needs {
			if !before[need] {
				t.Errorf("%s may start before %s", name, need)
			}
		}
	}
}

// upstream collects all that name waits for, and fails on a circle.
func upstream(t *testing.T, services map[string]service, name string, found map[string]bool, path []string) {
	t.Helper()
	if slices.Contains(path, name) {
		t.Fatalf("services wait for each other: %v", append(path, name))
	}
	for on := range services[name].DependsOn {
		found[on] = true
		upstream(t, services, on, found, append(path, name))
	}
}

func TestTheWorkerCanBeScaled(t *testing.T) {
	t.Parallel()
	work := compose(t).Services["work"]
	if work.ContainerName != "" || len(work.Ports) > 0 {
		t.Errorf("a container name %q or ports %q allow one worker only", work.ContainerName, work.Ports)
	}
}

func TestNothingIsPublishedBeyondThisMachineUnasked(t *testing.T) {
	t.Parallel()
	for name, s := range compose(t).Services {
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") && !strings.HasPrefix(port, "${XIAOBAO_BIND:-127.0.0.1}:") {
				t.Errorf("%s publishes %s to the network", name, port)
			}
		}
	}
}

func TestImagesArePinned(t *testing.T) {
	t.Parallel()
	tag := regexp.MustCompile(`:(\$\{\w+:-)?[\w.-]+\}?$`)
	for name, s := range compose(t).Services {
		if !tag.MatchString(s.Image) || strings.Contains(s.Image, "latest") {
			t.Errorf("the image of %s, %q, names no version", name, s.Image)
		}
	}
}

func TestVariablesAndTheExampleFileSayTheSame(t *testing.T) {
	t.Parallel()
	example := map[string]string{}
	for line := range strings.Lines(read(t, ".env.example")) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			example[name] = value
		}
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\$\{(\w+)(:[-?])([^}]*)\}`).FindAllStringSubmatch(read(t, "docker-compose.yml"), -1) {
		name, kind, value := m[1], m[2], m[3]
		used[name] = true
		given, ok := example[name]
		switch {
		case !ok:
			t.Errorf("%s is used and not in .env.example", name)
		case kind == ":-" && given != value:
			t.Errorf("%s is %q by default, %q in .env.example", name, value, given)
		case kind == ":?" && given != "":
			t.Errorf("%s is a secret, and .env.example proposes %q", name, given)
		}
	}
	for name := range example {
		if !used[name] {
			t.Errorf("%s in .env.example is used nowhere", name)
		}
	}
	if strings.Contains(read(t, "docker-compose.yml"), "PASSWORD: \"") {
		t.Error("a password is written into docker-compose.yml")
	}
}

// variable is a variable of the environment with its default.
var variable = regexp.MustCompile(`^\$\{\w+:-([^}]*)\}`)

func TestConsoleAndWorkersHaveTheSameRulesAndCannotChangeThem(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"serve", "work"} {
		s := compose(t).Services[name]
		if s.Environment["XIAOBAO_RULES_DIR"] != "${XIAOBAO_RULES_DIR:-}" || !slices.Contains(s.Volumes, "${XIAOBAO_RULES:-xiaobao-rules}:/rules:ro") {
			t.Errorf("%s takes its rules from %q, %q", name, s.Environment["XIAOBAO_RULES_DIR"], s.Volumes)
		}
		if s.Environment["XIAOBAO_SECURE"] != "${XIAOBAO_SECURE:-false}" {
			t.Errorf("%s has no switch for https: %q", name, s.Environment["XIAOBAO_SECURE"])
		}
	}
}

func TestMountedFilesAndVolumesExist(t *testing.T) {
	t.Parallel()
	c := compose(t)
	for name, s := range c.Services {
		for _, mount := range s.Volumes {
			if m := variable.FindStringSubmatch(mount); m != nil {
				mount = m[1] + mount[len(m[0]):] // as it is by default
			}
			source, _, _ := strings.Cut(mount, ":")
			if strings.HasPrefix(source, "./") {
				if _, err := os.Stat(filepath.Join("..", source)); err != nil {
					t.Errorf("%s mounts %s: %v", name, source, err)
				}
			} else if _, declared := c.Volumes[source]; !declared {
				t.Errorf("%s uses the volume %s, which is not declared", name, source)
			}
		}
	}
}

func TestScriptsAreValidShell(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("*.sh")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("scripts: %q, %v", scripts, err)
	}
	for _, script := range scripts {
		if out, err := exec.CommandContext(t.Context(), "sh", "-n", script).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", script, err, out)
		}
	}
}

func TestTheImageIsBuiltInStagesAndDoesNotRunAsRoot(t *testing.T) {
	t.Parallel()
	file := read(t, "Dockerfile")
	stages := map[string]bool{}
	user := ""
	for line := range strings.Lines(file) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		switch f[0] {
		case "FROM":
			user = ""
			if !strings.Contains(f[1], ":") {
				t.Errorf("base image %s names no version", f[1])
			}
			if len(f) == 4 {
				stages[f[3]] = true
			}
		case "USER":
			user = f[1]
		case "COPY":
			if from, ok := strings.CutPrefix(f[1], "--from="); ok && !stages[from] {
				t.Errorf("COPY from %q, which is no stage before it", from)
			}
		}
	}
	if user == "" || user == "root" || user == "0" {
		t.Errorf("the image runs as %q", user)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1]
	if !strings.Contains(file, "FROM golang:"+version+"-") {
		t.Errorf("the image is not built with Go %s of go.mod", version)
	}
}

func compose(t *testing.T) composition {
	t.Helper()
	var c composition
	if err := yaml.Unmarshal([]byte(read(t, "docker-compose.yml")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
