package localstack_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xiaobao/localstack"
)

// A checkout below /root is the usual case of a fresh machine, and the account
// that PostgreSQL runs as cannot go there.
func TestAHomeThatTheDatabaseAccountCannotReachWorksAllTheSame(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	h, err := localstack.OpenHome(filepath.Join(closed, "var"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := localstack.Down(context.Background(), h, nil); err != nil {
			t.Error(err)
		}
	})
	s := plan(t, h, options(freePorts(t)))
	up(t, &localstack.Stack{Home: h, Stages: s.Stages[:1]})
	open(t, h)
	state, err := h.State()
	if err != nil {
		t.Fatal(err)
	}
	inside := strings.HasPrefix(state.PostgresData, string(h))
	if asRoot := os.Geteuid() == 0; inside == asRoot {
		t.Errorf("the cluster is in %s, and we are root: %t", state.PostgresData, asRoot)
	}
	if err := localstack.Reset(t.Context(), h, nil); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{string(h), state.PostgresData} {
		if _, err := os.Stat(gone); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left after reset", gone)
		}
	}
}
