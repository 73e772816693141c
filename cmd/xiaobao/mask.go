package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// maskCommand masks personal data.
func maskCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mask [FILE|-]",
		Short: "Mask personal data (个人信息脱敏)",
		Long: "Mask personal data in a text, line by line: names, identity cards, telephones, bank cards, accounts,\n" +
			"mail, WeChat, QQ, plates, papers and addresses. Each line has a numbering of its own.\n\n" +
			`With --json, lines are {"id","text"} or touchpoints, or plain text, whose number is then the id. Printed are` + "\n" +
			`{"id","text","spans"}: the masked text, and what was found where in the original.`,
		Example: `  xiaobao mask letters.txt > masked.txt
  echo '{"id":"1","text":"我叫王小芳，手机138 1234 5678"}' | xiaobao mask --json`,
		GroupID: "offline",
		Args:    oneInput,
	}
	var job maskJob
	cmd.Flags().StringVar(&job.style, "style", "token", "what stands for personal data: token (〔手机1〕) or stars (as many ＊)")
	cmd.Flags().StringSliceVar(&job.known, "known", nil, "names that the case file knows, separated by commas")
	cmd.Flags().BoolVar(&job.json, "json", false, "read and print JSON, one object a line")
	cmd.Flags().IntVar(&job.workers, "workers", runtime.GOMAXPROCS(0), "how many lines are masked at once")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if job.style != "token" && job.style != "stars" {
			return casework.Errorf(casework.Invalid, "--style %q: give token or stars", job.style)
		}
		if job.workers < 1 {
			return casework.Errorf(casework.Invalid, "--workers %d: give at least 1", job.workers)
		}
		in, size, err := openInput(args, cmd.InOrStdin())
		if err != nil {
			return err
		}
		if job.masker, err = openMasker(cmd.ErrOrStderr()); err == nil {
			err = job.run(cmd.Context(), withProgress(in, size, "masking"), cmd.OutOrStdout())
		}
		return errors.Join(err, in.Close())
	}
	return cmd
}

// A maskJob is one run of the command.
type maskJob struct {
	masker  *privacy.Masker
	style   string
	known   []string
	json    bool
	workers int
}

// A maskedLine is a line on its way: read, masked, printed.
type maskedLine struct {
	line jsonLine
	out  []byte
	err  error
	done chan struct{}
}

// run masks in, with memory for a few lines only.
func (j *maskJob) run(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work, inOrder := make(chan *maskedLine), make(chan *maskedLine, 4*j.workers)
	var workers sync.WaitGroup
	for range j.workers {
		workers.Go(func() {
			for l := range work {
				l.out, l.err = j.line(l.line)
				close(l.done)
			}
		})
	}
	defer workers.Wait()
	var reading error
	go func() {
		defer close(work)
		defer close(inOrder)
		reading = j.read(ctx, newJSONLines(in), work, inOrder)
	}()
	buffered := bufio.NewWriterSize(out, 1<<16)
	err := writeMasked(inOrder, buffered)
	if err != nil {
		stop()
		for range inOrder { // let the reader end
		}
		reading = nil // it was only told to stop
	}
	return errors.Join(err, buffered.Flush(), reading)
}

// read hands each line to a worker and, in order, to the writer.
func (j *maskJob) read(ctx context.Context, lines *jsonLines, work, inOrder chan<- *maskedLine) error {
	next := lines.raw
	if j.json {
		next = lines.next
	}
	for {
		line, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		l := &maskedLine{line: line, done: make(chan struct{})}
		select {
		case inOrder <- l:
		case <-ctx.Done():
			return ctx.Err()
		}
		work <- l
	}
}

// raw gives the next line as it is, with what ends it.
func (l *jsonLines) raw() (jsonLine, error) {
	text, tooLong, err := l.read()
	if err != nil && (!errors.Is(err, io.EOF) || len(text) == 0 && !tooLong) {
		return jsonLine{}, err
	}
	l.number++
	line := jsonLine{number: l.number, text: text}
	switch {
	case tooLong:
		line.err = casework.Errorf(casework.Invalid, "line %d is longer than 16 MiB; break it into lines", l.number)
	case !utf8.Valid(text):
		line.err = casework.Errorf(casework.Invalid,
			"line %d is not UTF-8; convert the file, for example with: iconv -f GB18030 -t UTF-8", l.number)
	}
	return line, nil
}

func writeMasked(inOrder <-chan *maskedLine, out io.Writer) error {
	for l := range inOrder {
		<-l.done
		if l.err != nil {
			return l.err
		}
		if _, err := out.Write(l.out); err != nil {
			return err
		}
	}
	return nil
}

// line masks one line.
func (j *maskJob) line(line jsonLine) ([]byte, error) {
	if line.err != nil {
		return nil, line.err
	}
	if j.json {
		return j.object(line)
	}
	text, ending := bytes.TrimRight(line.text, "\r\n"), len(bytes.TrimRight(line.text, "\r\n"))
	masked, _ := j.mask(string(text))
	return append([]byte(masked), line.text[ending:]...), nil
}

// mask masks one text.
func (j *maskJob) mask(text string) (string, []privacy.Span) {
	if j.style == "stars" {
		spans := j.masker.Find(text, j.known...)
		return privacy.Stars(text, spans), spans
	}
	masked := j.masker.Document(j.known...).Mask(text)
	return masked.Text, masked.Spans
}

// A valuedSpan is a span with what stands there.
type valuedSpan struct {
	privacy.Span
	Value string `json:"value"`
}

// maskedText is one line of output.
type maskedText struct {
	ID    string       `json:"id"`
	Text  string       `json:"text"`
	Spans []valuedSpan `json:"spans"`
}

func (j *maskJob) object(line jsonLine) ([]byte, error) {
	id, text := strconv.Itoa(line.number), string(line.text)
	if line.text[0] == '{' {
		var t casework.Touchpoint
		if err := line.decode(&t); err != nil {
			return nil, err
		}
		if text = t.Content(); t.ID != "" {
			id = t.ID
		}
	}
	masked, spans := j.mask(text)
	result := maskedText{ID: id, Text: masked, Spans: []valuedSpan{}}
	runes := []rune(text)
	for _, s := range spans {
		result.Spans = append(result.Spans, valuedSpan{s, string(runes[s.Start:s.End])})
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(result)
	return out.Bytes(), err
}
