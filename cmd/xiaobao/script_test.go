package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"xiaobao": main})
}

// TestScripts runs testdata/*.txtar, each a session at the shell.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":   status,
			"writehex": writeHex,
			"longline": longLine,
			"repeat":   repeatFile,
			"json":     isJSON,
		},
	})
}

// status N COMMAND… runs a command and wants exactly that exit status.
func status(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if neg || got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// writehex FILE HEX… writes bytes that are no text.
func writeHex(ts *testscript.TestScript, _ bool, args []string) {
	var content []byte
	for _, each := range args[1:] {
		part, err := hex.DecodeString(each)
		ts.Check(err)
		content = append(content, part...)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), content, 0o600))
}

// longline FILE MIB writes one line of a string without an end.
func longLine(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	line := append([]byte(`{"id":"long","channel":"service_chat","text":"`), bytes.Repeat([]byte("x"), size<<20)...)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), append(line, "\"}\n"...), 0o600))
}

// repeat TIMES FROM TO writes the content of a file many times.
func repeatFile(ts *testscript.TestScript, _ bool, args []string) {
	times, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), bytes.Repeat([]byte(ts.ReadFile(args[1])), times), 0o600))
}

// json FILE… wants JSON.
func isJSON(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		if json.Valid([]byte(ts.ReadFile(name))) == neg {
			ts.Fatalf("%s: want JSON %t", name, !neg)
		}
	}
}
