package localstack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// A Command is a program to run, with what it is told.
type Command struct {
	Path string
	Args []string
	Env  []string // added to ours
	Dir  string
	User *Account // nil: as we are
}

// fingerprint differs when the command would run something else: another
// program file, other arguments or another environment of its own.
func (c Command) fingerprint() string {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, c.Path, strings.Join(c.Args, "\x00"), strings.Join(c.Env, "\x00"), c.Dir)
	if info, err := os.Stat(c.Path); err == nil {
		_, _ = fmt.Fprintln(h, info.Size(), info.ModTime().UnixNano())
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// A Part is something that runs until it is stopped.
type Part struct {
	Name    string
	Command Command
	Address string // where it is reached, for people; may be empty
	URL     string // the same as a link, if it has pages

	// Prepare makes what the program needs to start; nil: nothing. It runs
	// only when the part has to be started.
	Prepare func(context.Context) error
	// Ready is nil once the part does its work. It is asked again and again,
	// by status too, and must not change anything.
	Ready func(context.Context, Record) error
	// Settle runs once after the part became ready; nil: nothing.
	Settle func(context.Context) error

	Within     time.Duration  // to become ready; zero: a minute
	StopSignal syscall.Signal // zero: SIGTERM
	StopWithin time.Duration  // after the signal, before it is killed; zero: half a minute
	Elsewhere  bool           // somebody else runs it: it is only looked at
}

// A Step is a command that ends by itself. It may run again without harm.
type Step struct {
	Name    string
	Command Command
	Within  time.Duration
	// Keep receives what the command printed; nil: it goes to the log.
	Keep func(output []byte) error
}

// A Stage is a set of parts that start together, or steps that follow each
// other; the next stage waits for it.
type Stage struct {
	Parts []Part
	Steps []Step
}
