package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/screening/charmodel"
)

// builtIn is who published the local model that setup trains.
const builtIn casework.Actor = "system"

// ensureLocalModel trains the local model from the rulebook's own examples
// where none is active, and anew when the one that is active came of another
// rulebook. What people published stays.
func (s *system) ensureLocalModel(ctx context.Context, notes io.Writer) error {
	models, err := s.store.LocalModels(ctx)
	if err != nil {
		return err
	}
	for _, m := range models {
		if !m.Active {
			continue
		}
		if stays, err := s.stays(ctx, m); err != nil || stays {
			return err
		}
	}
	_, _ = fmt.Fprintln(notes, "training the local model from the rulebook's examples …") // a note only
	began := time.Now()
	model, _, err := charmodel.Train(ownExamples(s.desk.Book), charmodel.Options{Book: s.desk.Book, Date: time.Now().In(casework.Beijing).Format(time.DateOnly)})
	if err != nil {
		return fmt.Errorf("train the local model: %w", err)
	}
	content, report, err := written(model)
	if err != nil {
		return err
	}
	if err := s.store.PublishLocalModel(ctx, casework.LocalModel{
		Version: model.Version(), Report: report, PublishedBy: builtIn, PublishedAt: time.Now(), Active: true,
	}, content); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(notes, "published the local model %s after %.1f s\n", model.Version(), time.Since(began).Seconds()) // a note only
	return nil
}

// stays reports whether an active model serves on: people published it, or it
// came of this rulebook.
func (s *system) stays(ctx context.Context, m casework.LocalModel) (bool, error) {
	if m.PublishedBy != builtIn {
		return true, nil
	}
	content, err := s.store.LocalModel(ctx, m.Version)
	if err != nil {
		return false, err
	}
	model, err := charmodel.Read(bytes.NewReader(content))
	if err != nil { // of another release: it cannot be used any more
		return false, nil
	}
	return model.RulebookHash == s.desk.Book.Hash, nil
}

// written is a model's file and its report.
func written(model *charmodel.Model) (content, report []byte, err error) {
	var file bytes.Buffer
	if _, err := model.WriteTo(&file); err != nil {
		return nil, nil, err
	}
	report, err = json.Marshal(model.Report)
	return file.Bytes(), report, err
}

func modelPublishCommand() *cobra.Command {
	return &cobra.Command{
		Use: "publish FILE", Short: "Have new inspections go by a local model", Args: oneArg("file"), GroupID: "online",
		Long: "Put a model that \"xiaobao model train\" has written on file. Inspections ordered from now on go by it;\n" +
			"those under way keep theirs.",
		Example: "  xiaobao model publish char.model",
		RunE: asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
			content, err := readWhole(args[0], charmodel.MaxBytes)
			if err != nil {
				return err
			}
			model, err := charmodel.Read(bytes.NewReader(content))
			if err != nil {
				return err
			}
			_, report, err := written(model)
			if err != nil {
				return err
			}
			if err := s.desk.PublishLocalModel(ctx, u, model.Version(), content, report); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "inspections go by local model %s from now on\n", model.Version())
			return err
		}),
	}
}

// readWhole reads a file of at most so many bytes.
func readWhole(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, casework.Errorf(casework.NotFound, "%s cannot be opened", name).Because(err)
	}
	defer func() { _ = f.Close() }() // only read
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		err = casework.Errorf(casework.Invalid, "%s is larger than %d bytes", name, most)
	}
	return content, err
}

func modelLabelsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "labels", Short: "Print officers' decisions for training, with masked texts", Args: noArgs, GroupID: "online",
		Long: "Print one line of JSON for each touchpoint on which officers have decided: its text with personal data\n" +
			"masked, the indicators that it shows, and those that it only sounds like.",
		Example: "  xiaobao model labels > labels.jsonl",
		RunE: asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
			set := newLabelSet()
			if err := s.desk.Labels(ctx, u, set.add); err != nil {
				return err
			}
			return set.write(cmd.OutOrStdout())
		}),
	}
}

// A labelSet gathers the decisions on each touchpoint.
type labelSet struct {
	order []string
	of    map[string]*labelledLine
}

// A labelledLine is a touchpoint as the trainer reads it.
type labelledLine struct {
	casework.Touchpoint
	Shows      []string `json:"shows"`
	Not        []string `json:"not"`
	Acceptable []string `json:"acceptable,omitempty"`
}

func newLabelSet() *labelSet { return &labelSet{of: map[string]*labelledLine{}} }

// add takes a decision in. A finding that was dismissed for what it says is a
// counterexample; one dismissed for any other reason teaches nothing. An
// indicator that was decided more than once, for two items or in two
// inspections, goes by the latest decision.
func (s *labelSet) add(l casework.LabelledTouchpoint) error {
	line := s.of[l.Touchpoint.ID]
	if line == nil {
		line = &labelledLine{Touchpoint: l.Touchpoint, Shows: []string{}, Not: []string{}}
		s.of[l.Touchpoint.ID] = line
		s.order = append(s.order, l.Touchpoint.ID)
	}
	for _, list := range []*[]string{&line.Shows, &line.Not, &line.Acceptable} {
		*list = slices.DeleteFunc(*list, func(id string) bool { return id == l.Indicator })
	}
	switch {
	case l.Verdict == casework.Confirm:
		line.Shows = append(line.Shows, l.Indicator)
	case l.Reason == casework.FalseHit || l.Reason == casework.LawfulContext:
		line.Not = append(line.Not, l.Indicator)
	default:
		line.Acceptable = append(line.Acceptable, l.Indicator)
	}
	return nil
}

func (s *labelSet) write(w io.Writer) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	for _, id := range s.order {
		if err := lines.Encode(s.of[id]); err != nil {
			return err
		}
	}
	return nil
}
