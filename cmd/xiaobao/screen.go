package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening"
)

// screenCommand screens touchpoints for risk signals.
func screenCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "screen [FILE|-]",
		Short: "Screen touchpoints for risk signals (风险筛查)",
		Long: "Screen touchpoints, one JSON object a line, and print the signals of each, one object a line\n" +
			"in the same order. Every touchpoint needs id and channel; text or turns hold what was said.\n\n" +
			"A line that cannot be used ends the run with status 2, unless --skip-invalid is given.",
		Example: `  xiaobao screen calls.jsonl > signals.jsonl
  echo '{"id":"1","channel":"telemarketing_call","text":"坐席：您放心，百分百能批"}' | xiaobao screen`,
		GroupID: "offline",
		Args:    oneInput,
	}
	rules := rulesFlag(cmd)
	var job screenJob
	cmd.Flags().BoolVar(&job.skipInvalid, "skip-invalid", false, "leave out lines that cannot be used, and say how many")
	cmd.Flags().IntVar(&job.workers, "workers", runtime.GOMAXPROCS(0), "how many lines are screened at once")
	cmd.Flags().StringSliceVar(&job.only, "only", nil, "limit to these indicators, separated by commas")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		engine, err := openEngine(*rules)
		if err != nil {
			return err
		}
		in, size, err := openInput(args, cmd.InOrStdin())
		if err != nil {
			return err
		}
		job.engine, job.notes = engine, cmd.ErrOrStderr()
		err = job.run(cmd.Context(), withProgress(in, size, "screening"), cmd.OutOrStdout())
		return errors.Join(err, in.Close())
	}
	return cmd
}

// oneInput takes at most one file.
func oneInput(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return casework.Errorf(casework.Invalid, "name one file, or - for standard input, not %d", len(args))
	}
	return nil
}

// openEngine loads the rulebook and compiles it.
func openEngine(dirs []string) (*screening.Engine, error) {
	book, err := openBook(dirs)
	if err != nil {
		if problems, ok := errors.AsType[*rulebook.Problems](err); ok {
			return nil, casework.Errorf(casework.Invalid, "the rulebook does not load:\n%s", problems)
		}
		return nil, err
	}
	return screening.Compile(book)
}

// A screenJob is one run of the command.
type screenJob struct {
	engine      *screening.Engine
	notes       io.Writer
	only        []string
	workers     int
	skipInvalid bool

	skipped int   // lines left out
	faulty  int   // touchpoints whose attributes a condition could not use
	fault   error // the first such fault
}

// A batch of lines goes to one worker, and its output comes back in order.
type batch struct {
	lines   []jsonLine
	out     bytes.Buffer
	skipped []error
	faults  []error
	err     error
	done    chan struct{}
}

// The size of a batch: enough work to be worth handing over, and little
// enough that memory stays flat whatever the file.
const (
	batchLines = 256
	batchBytes = 1 << 20
)

// run screens in, line by line, with memory for a few batches only.
func (j *screenJob) run(ctx context.Context, in io.Reader, out io.Writer) error {
	if j.workers < 1 {
		return casework.Errorf(casework.Invalid, "--workers %d: give at least 1", j.workers)
	}
	for _, id := range j.only {
		if _, ok := j.engine.Book().Indicator(id); !ok {
			return casework.Errorf(casework.NotFound, "there is no indicator %q; see xiaobao rules list", id)
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work, inOrder := make(chan *batch), make(chan *batch, 2*j.workers)
	var workers sync.WaitGroup
	for range j.workers {
		workers.Go(func() { j.work(work) })
	}
	defer workers.Wait()
	var reading error
	go func() {
		defer close(work)
		defer close(inOrder)
		reading = readBatches(ctx, newJSONLines(in), work, inOrder)
	}()
	buffered := bufio.NewWriterSize(out, 1<<18)
	err := j.write(inOrder, buffered)
	if err != nil {
		stop()
		for range inOrder { // let the reader end
		}
		reading = nil // it was only told to stop
	}
	j.note(err)
	return errors.Join(err, buffered.Flush(), reading)
}

// readBatches cuts the input into batches and hands each to a worker and,
// in order, to the writer.
func readBatches(ctx context.Context, lines *jsonLines, work, inOrder chan<- *batch) error {
	for {
		b := &batch{done: make(chan struct{})}
		size := 0
		var err error
		for len(b.lines) < batchLines && size < batchBytes && err == nil {
			var line jsonLine
			if line, err = lines.next(); err == nil {
				b.lines = append(b.lines, line)
				size += len(line.text)
			}
		}
		if len(b.lines) > 0 {
			select {
			case inOrder <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
			work <- b
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// work screens batches until there are no more.
func (j *screenJob) work(batches <-chan *batch) {
	screener := j.engine.NewScreener()
	screener.Only(j.only)
	for b := range batches {
		for _, line := range b.lines {
			if b.err != nil {
				break
			}
			j.screenLine(screener, b, line)
		}
		close(b.done)
	}
}

// screened is one line of output.
type screened struct {
	ID      string            `json:"id"`
	Signals []casework.Signal `json:"signals"`
}

func (j *screenJob) screenLine(screener *screening.Screener, b *batch, line jsonLine) {
	var t casework.Touchpoint
	err := line.decode(&t)
	if err == nil {
		if err = t.Check(time.Time{}); err != nil {
			err = line.at(err)
		}
	}
	if err != nil {
		if j.skipInvalid {
			b.skipped = append(b.skipped, err)
		} else {
			b.err = err
		}
		return
	}
	signals := screener.Screen(&t)
	if fault := screener.Faults(); fault != nil {
		b.faults = append(b.faults, line.at(casework.Errorf(casework.Invalid, "%s", fault)))
	}
	if signals == nil {
		signals = []casework.Signal{}
	}
	enc := json.NewEncoder(&b.out)
	enc.SetEscapeHTML(false)
	b.err = enc.Encode(screened{t.ID, signals})
}

// write prints the batches as they are done, in the order they were read.
func (j *screenJob) write(inOrder <-chan *batch, out io.Writer) error {
	for b := range inOrder {
		<-b.done
		if _, err := b.out.WriteTo(out); err != nil {
			return err
		}
		for _, err := range b.skipped {
			fmt.Fprintln(j.notes, "xiaobao: left out: "+err.Error())
		}
		j.skipped += len(b.skipped)
		if j.faulty += len(b.faults); j.fault == nil && len(b.faults) > 0 {
			j.fault = b.faults[0]
		}
		if b.err != nil {
			return b.err
		}
	}
	return nil
}

// note tells what was not screened in full.
func (j *screenJob) note(failed error) {
	if j.skipped > 0 {
		fmt.Fprintf(j.notes, "xiaobao: lines left out: %d\n", j.skipped)
	}
	if j.faulty > 0 {
		fmt.Fprintf(j.notes, "xiaobao: touchpoints on which a condition could not be asked: %d; the first: %s\n", j.faulty, j.fault)
	}
	if failed != nil && !j.skipInvalid && casework.KindOf(failed) == casework.Invalid {
		fmt.Fprintln(j.notes, "xiaobao: lines before it were screened; mend it, or leave such lines out with --skip-invalid")
	}
}
