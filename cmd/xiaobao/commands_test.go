package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// online are the commands that need a running system, with the least that
// they need to get as far as asking for it.
var online = [][]string{
	{"login", "--user", "officer"},
	{"inspect", "start", "--name", "x", "--from", "2026-07-01", "--to", "2026-07-31"},
	{"inspect", "list"}, {"inspect", "show", "i-1"}, {"inspect", "watch", "i-1"}, {"inspect", "findings", "i-1"},
	{"inspect", "decide", "i-1", "f-1", "--confirm"}, {"inspect", "questions"}, {"inspect", "answer", "q-1", "--outcome", "passed"},
	{"inspect", "submit", "i-1"}, {"inspect", "confirm", "i-1"}, {"inspect", "cancel", "i-1", "--why", "x"}, {"inspect", "report", "i-1"},
	{"schedule", "add", "--name", "x"}, {"schedule", "list"}, {"schedule", "pause", "s-1"}, {"schedule", "resume", "s-1"},
	{"schedule", "trigger", "s-1"}, {"schedule", "delete", "s-1"},
	{"touchpoint", "list", "--from", "2026-07-01", "--to", "2026-07-31"}, {"touchpoint", "show", "t-1"},
	{"import", "touchpoints", "x.csv"}, {"audit", "list"}, {"audit", "verify"},
	{"respondent", "set", "HQ", "it", "x"}, {"respondent", "show", "HQ"},
	{"llm", "status"}, {"llm", "off", "--why", "x"}, {"llm", "on", "--why", "x"}, {"llm", "calls"},
	{"consult", "review", "x.txt"}, {"model", "publish", "x.model"}, {"model", "labels"},
	{"migrate"}, {"setup"}, {"work"}, {"serve"},
}

func TestWithoutASystemEachOnlineCommandSaysHowToStartOne(t *testing.T) {
	t.Setenv("XIAOBAO_HOME", t.TempDir())
	t.Setenv("XIAOBAO_DATABASE_URL", "")
	for _, args := range online {
		root := rootCommand()
		root.SetArgs(args)
		root.SetIn(strings.NewReader(""))
		err := root.ExecuteContext(context.Background())
		if err == nil || exitStatus(err) != 2 || !strings.Contains(complaint(err), `"xiaobao up"`) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestEveryCommandOnlineIsTried(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, args := range online {
		cmd, _, err := rootCommand().Find(args)
		if err != nil {
			t.Fatal(err)
		}
		tried[cmd.CommandPath()] = true
	}
	var visit func(cmd *cobra.Command, online bool)
	visit = func(cmd *cobra.Command, online bool) {
		online = online || cmd.GroupID == "online"
		if online && !cmd.HasSubCommands() && !tried[cmd.CommandPath()] {
			t.Errorf("%s is not tried", cmd.CommandPath())
		}
		for _, child := range cmd.Commands() {
			visit(child, online)
		}
	}
	visit(rootCommand(), false)
}

func TestEveryCommandHasHelpWithAnExampleOfItself(t *testing.T) {
	t.Parallel()
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.HasParent() && (cmd.Short == "" || !strings.Contains(cmd.Example, cmd.CommandPath())) {
			t.Errorf("%s: %q, example %q", cmd.CommandPath(), cmd.Short, cmd.Example)
		}
		for _, child := range cmd.Commands() {
			visit(child)
		}
	}
	visit(rootCommand())
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	name := t.TempDir() + "/report.xlsx"
	if err := writeWhole(name, func(io.Writer) error { return errors.New("broken") }); err == nil {
		t.Error("no error")
	}
	if entries, err := os.ReadDir(strings.TrimSuffix(name, "/report.xlsx")); err != nil || len(entries) != 0 {
		t.Errorf("left %v %v", entries, err)
	}
}
