package main

import (
	"context"
	"errors"
	"os"
	"slices"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening/charmodel"
)

// localModel reads a local model from its file; without one, it trains one
// on what the rulebook and this program hold.
func localModel(path string, book *rulebook.Book) (*charmodel.Model, error) {
	if path == "" {
		m, _, err := charmodel.Train(ownExamples(book), charmodel.Options{Book: book})
		return m, err
	}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, casework.Errorf(casework.NotFound, "there is no file %s", path)
	}
	if err != nil {
		return nil, err
	}
	m, err := charmodel.Read(file)
	return m, errors.Join(err, file.Close())
}

// ownExamples are the examples that need no labels from outside.
func ownExamples(book *rulebook.Book) []charmodel.Example {
	return slices.Concat(charmodel.FromBook(book), charmodel.Ordinary())
}

// judgeByLocal concludes all that the local model has doubts about.
func judgeByLocal(_ context.Context, job *evalJob) (contactJudge, error) {
	m, err := localModel(job.model, job.book)
	if err != nil {
		return nil, err
	}
	job.result.Local = m.Version()
	reader := m.NewReader()
	return func(_ context.Context, t *casework.Touchpoint) ([]string, error) {
		return suspected(reader.Rank(t, nil), false), nil
	}, nil
}

// judgeByRulesAndLocal concludes what rules find and, besides, what the local
// model is sure enough of.
func judgeByRulesAndLocal(ctx context.Context, job *evalJob) (contactJudge, error) {
	byRules, err := judgeByRules(ctx, job)
	if err != nil {
		return nil, err
	}
	m, err := localModel(job.model, job.book)
	if err != nil {
		return nil, err
	}
	job.result.Local = m.Version()
	reader := m.NewReader()
	return func(ctx context.Context, t *casework.Touchpoint) ([]string, error) {
		given, err := byRules(ctx, t)
		return append(given, suspected(reader.Rank(t, nil), true)...), err
	}, nil
}

// suspected lists the indicators of guesses, or of those that are accepted.
func suspected(guesses []charmodel.Guess, acceptedOnly bool) []string {
	var out []string
	for i := range guesses {
		if guesses[i].Accept || !acceptedOnly {
			out = append(out, guesses[i].Indicator)
		}
	}
	return out
}
