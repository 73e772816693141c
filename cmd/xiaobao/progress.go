package main

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"xiaobao/casework"
)

// A progress shows how far long work is: a bar on a terminal, and nothing
// elsewhere, so that scripts read results only.
type progress struct{ bar *progressbar.ProgressBar }

func newProgress(w io.Writer, what string) progress {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return progress{}
	}
	return progress{progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true))}
}

// set shows that so many of so many are done.
func (p progress) set(done, of int) {
	if p.bar == nil || of == 0 {
		return
	}
	p.bar.ChangeMax(of)
	_ = p.bar.Set(done) // a bar that cannot be drawn must not stop the work
}

// done ends the bar's line.
func (p progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish() // as above
		_, _ = fmt.Fprintln(os.Stderr)
	}
}

// oneArg takes exactly one argument, and names it where it is missing.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return casework.Errorf(casework.Invalid, "%s takes one argument, the %s; see --help", cmd.CommandPath(), what)
	}
}
