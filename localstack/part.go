package localstack

import (
	"context"
	"crypto/sha256"
	"debug/elf"
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
// program, other arguments or another environment of its own.
func (c Command) fingerprint() string {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, strings.Join(c.Args, "\x00"), strings.Join(c.Env, "\x00"), c.Dir, build(c.Path))
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// build tells one build of a program from another by what its linker noted: the
// time of the file would differ after a build that changed nothing.
func build(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return path
	}
	program, err := elf.Open(path)
	if err == nil {
		defer func() { _ = program.Close() }()
		for _, note := range []string{".note.go.buildid", ".note.gnu.build-id"} {
			if section := program.Section(note); section != nil {
				if id, err := section.Data(); err == nil {
					return fmt.Sprintf("%s %d %x", path, info.Size(), id)
				}
			}
		}
	}
	return fmt.Sprint(path, info.Size(), info.ModTime().UnixNano())
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
