package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening"
)

// An evalJob is one evaluation: what is asked for, and what it goes by.
type evalJob struct {
	task    string
	engine  string
	model   string // file of a local model
	out     string
	changes bool

	screens *screening.Engine
	book    *rulebook.Book

	result  casework.Evaluation
	flips   map[string]*casework.FlipRate
	closing []func() // fill in, at the end, what an engine used
}

// run evaluates the data of a file.
func (j *evalJob) run(ctx context.Context, args []string, stdin io.Reader) (*casework.Evaluation, error) {
	open, ok := evalTasks[j.task]
	if !ok {
		return nil, casework.Errorf(casework.Invalid, "--task %q: give one of %s", j.task, strings.Join(slices.Sorted(maps.Keys(evalTasks)), "|"))
	}
	j.result = casework.Evaluation{
		Task: j.task, Engine: j.engine, At: time.Now().UTC().Truncate(time.Second), Rulebook: j.book.Version(),
		Labels: map[string]*casework.Score{},
	}
	judge, err := open(ctx, j)
	if err != nil {
		return nil, err
	}
	in, size, err := openInput(args, stdin)
	if err != nil {
		return nil, err
	}
	hash := sha256.New()
	err = j.judgeAll(ctx, newJSONLines(io.TeeReader(withProgress(in, size, "evaluating"), hash)), judge)
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, err
	}
	j.result.DataHash = hex.EncodeToString(hash.Sum(nil))
	for _, fill := range j.closing {
		fill()
	}
	for _, change := range slices.Sorted(maps.Keys(j.flips)) {
		j.result.Flips = append(j.result.Flips, *j.flips[change])
	}
	j.result.Finish()
	return &j.result, j.write()
}

// judgeAll judges every line and counts.
func (j *evalJob) judgeAll(ctx context.Context, lines *jsonLines, judge func(jsonLine) (verdict, error)) error {
	levels, right := 0, 0
	for ctx.Err() == nil {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			if j.result.Texts == 0 {
				return casework.Errorf(casework.Invalid, "the data has no lines")
			}
			if levels > 0 {
				share := float64(right) / float64(levels)
				j.result.LevelAccuracy = &share
			}
			return nil
		}
		if err != nil {
			return err
		}
		v, err := judge(line)
		if err != nil {
			return err
		}
		j.result.Count(v.expected, v.acceptable, v.given)
		if v.levelAsked {
			levels++
		}
		if v.levelRight {
			right++
		}
	}
	return ctx.Err()
}

// write keeps the report where it was asked for.
func (j *evalJob) write() error {
	if j.out == "" {
		return nil
	}
	data, err := json.MarshalIndent(&j.result, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(j.out, append(data, '\n'), 0o644); err != nil {
		return casework.Errorf(casework.Invalid, "the report cannot be written to %s: name a file in a folder that exists", j.out).Because(err)
	}
	return nil
}

// flip counts one try of a change that should not matter.
func (j *evalJob) flip(change string, before, after []string) {
	if j.flips == nil {
		j.flips = map[string]*casework.FlipRate{}
	}
	rate := j.flips[change]
	if rate == nil {
		rate = &casework.FlipRate{Change: change}
		j.flips[change] = rate
	}
	rate.Tried++
	if slices.CompareFunc(slices.Sorted(slices.Values(before)), slices.Sorted(slices.Values(after)), cmp.Compare[string]) != 0 {
		rate.Flipped++
	}
}
