package main_test

import (
	"context"
	"os"
	"os/exec"
	"testing"

	devstack "xiaobao/devstack"
)

// asProgram makes the test binary be the program, so that a test can kill a
// real process without building a second binary.
const asProgram = "DEVSTACK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		devstack.Main()
		return
	}
	os.Exit(m.Run())
}

func program(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}
