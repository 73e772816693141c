package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
)

// consultCommand has one document read for one purpose.
func consultCommand() *cobra.Command {
	var doc casework.Document
	var channel, contextFile, request string
	var within time.Duration
	purposes := make([]string, 0, len(casework.Purposes()))
	for _, p := range casework.Purposes() {
		purposes = append(purposes, string(p))
	}
	cmd := &cobra.Command{
		Use: "consult PURPOSE FILE", Short: "Ask about one document (辅助研判)", Args: cobra.ExactArgs(2), GroupID: "online",
		Long: "Have a model read a document or, where there is none, conclude by plainer means. PURPOSE is one of\n" +
			strings.Join(purposes, ", ") + ". FILE is text in UTF-8, or - for standard input.\n" +
			"The answer has tokens such as 〔姓名1〕 in place of personal data, and decides nothing by itself.",
		Example: "  xiaobao consult complaint letter.txt --name 张伟\n  xiaobao consult review poster.txt --json",
	}
	asJSON := jsonFlag(cmd)
	cmd.Flags().StringVar(&channel, "channel", "", "channel of a touchpoint, such as collection_call")
	cmd.Flags().StringVar(&doc.Product, "product", "", "product")
	cmd.Flags().StringArrayVar(&doc.Names, "name", nil, "name of a person it is about, to be masked; may be given again")
	cmd.Flags().StringVar(&contextFile, "context", "", "file with what is asked about it: the task, the question, figures as JSON")
	cmd.Flags().StringVar(&request, "request", "", "id of this request; sent twice, it asks once")
	cmd.Flags().DurationVar(&within, "within", 5*time.Minute, "how long to wait for the answer")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		if !slices.Contains(purposes, args[0]) {
			return casework.Errorf(casework.Invalid, "there is no purpose %q; there are %s", args[0], strings.Join(purposes, ", "))
		}
		doc.Channel = casework.Channel(channel)
		var err error
		if doc.Text, err = readText(cmd.InOrStdin(), args[1]); err != nil {
			return err
		}
		if contextFile != "" {
			if doc.Context, err = readText(cmd.InOrStdin(), contextFile); err != nil {
				return err
			}
		}
		id, err := s.desk.Consult(ctx, u, request, casework.Purpose(args[0]), doc)
		if err != nil {
			return err
		}
		c, err := s.awaitConsultation(ctx, u, id, within)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), c)
		}
		return printConsultation(cmd.OutOrStdout(), c)
	})
	return cmd
}

// maxDocument bounds a document, in bytes: the most characters one may have.
const maxDocument = 4 * casework.MaxTextRunes

// readText reads a file, or standard input for "-".
func readText(stdin io.Reader, name string) (string, error) {
	if name != "-" {
		content, err := readWhole(name, maxDocument)
		return strings.TrimPrefix(string(content), "\uFEFF"), err
	}
	content, err := io.ReadAll(io.LimitReader(stdin, maxDocument+1))
	if err == nil && len(content) > maxDocument {
		err = casework.Errorf(casework.Invalid, "standard input is larger than %d bytes", maxDocument)
	}
	return string(content), err
}

// awaitConsultation waits until a consultation has ended.
func (s *system) awaitConsultation(ctx context.Context, u casework.User, id string, within time.Duration) (casework.Consultation, error) {
	waiting, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		c, _, err := s.desk.Consultation(ctx, u, id)
		if err != nil || c.Status != casework.ConsultationAsked {
			return c, err
		}
		select {
		case <-waiting.Done():
			if ctx.Err() != nil {
				return c, ctx.Err()
			}
			return c, casework.Errorf(casework.Busy, "consultation %s has no answer after %s; is a worker running? (xiaobao status)", id, within)
		case <-tick.C:
		}
	}
}

func printConsultation(w io.Writer, c casework.Consultation) error {
	if c.Status == casework.ConsultationFailed {
		return casework.Errorf(casework.Conflict, "consultation %s came to nothing; the worker's log has the reason", c.ID)
	}
	by := fmt.Sprintf("%s (%s)", c.Engine, c.Version)
	if c.Trouble != "" {
		by += ", without a model: " + string(c.Trouble)
	}
	if _, err := fmt.Fprintf(w, "consultation %s, answered by %s\n", c.ID, by); err != nil {
		return err
	}
	if c.Injected {
		if _, err := fmt.Fprintln(w, "warning: the document tries to instruct the model"); err != nil {
			return err
		}
	}
	answer := json.NewEncoder(w)
	answer.SetEscapeHTML(false)
	answer.SetIndent("", "  ")
	return answer.Encode(c.Answer)
}
