package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"slices"
	"strings"
	"sync"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/privacy"
	"xiaobao/screening/charmodel"
)

// A trialBench runs touchpoints through the engines but the language model,
// for whoever wants to see why something was concluded. What it needs is read
// when it is first asked, since most commands never are.
type trialBench struct {
	system *system
	masker func() (*privacy.Masker, error)

	mu    sync.Mutex
	local *charmodel.Model // the one read last

	remembering sync.Mutex
	masked      map[[sha256.Size]byte]string // by the text and its names
}

func newTrialBench(s *system) *trialBench {
	return &trialBench{system: s, masker: sync.OnceValues(func() (*privacy.Masker, error) { return openMasker(io.Discard) })}
}

func (b *trialBench) try(ctx context.Context, t *casework.Touchpoint, known []string) (casework.Trial, error) {
	engine, err := b.system.engine()
	if err != nil {
		return casework.Trial{}, err
	}
	masker, err := b.masker()
	if err != nil {
		return casework.Trial{}, err
	}
	text := t.Content()
	trial := casework.Trial{
		Rules: slices.Clone(engine.NewScreener().Screen(t)), Sent: masker.Document(known...).Mask(text).Text, Injected: llm.Instructs(text),
	}
	local, err := b.localModel(ctx)
	if err != nil || local == nil {
		return trial, err
	}
	trial.Local = local.Version()
	for _, g := range local.NewReader().Rank(t, nil) {
		trial.Guesses = append(trial.Guesses, casework.Guess{Suspicion: g.Suspicion, Sure: g.Accept})
	}
	return trial, nil
}

// mostTagged is the longest text, in bytes, that the tagger reads for a page:
// it takes a seventh of a millisecond for a character. Longer ones are masked
// by rules alone.
const mostTagged = 60_000

// mask hides with as many characters what the masker finds. Pages ask for the
// same text again and again while somebody waits: the last ones are remembered.
func (b *trialBench) mask(text string, known ...string) (string, error) {
	if len(text) > mostTagged {
		return privacy.Mask(text, known...), nil
	}
	key := sha256.Sum256([]byte(text + "\x00" + strings.Join(known, "\x00")))
	b.remembering.Lock()
	masked, ok := b.masked[key]
	b.remembering.Unlock()
	if ok {
		return masked, nil
	}
	masker, err := b.masker()
	if err != nil {
		return "", err
	}
	masked = privacy.Stars(text, masker.Find(text, known...))
	b.remembering.Lock()
	defer b.remembering.Unlock()
	if b.masked == nil || len(b.masked) >= mostRemembered {
		b.masked = map[[sha256.Size]byte]string{}
	}
	b.masked[key] = masked
	return masked, nil
}

// mostRemembered is how many masked texts are kept before all are forgotten.
const mostRemembered = 64

// localModel is the local model in force; nil without one.
func (b *trialBench) localModel(ctx context.Context) (*charmodel.Model, error) {
	version, err := b.system.store.ActiveLocalModel(ctx)
	if err != nil || version == "" {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.local != nil && b.local.Version() == version {
		return b.local, nil
	}
	content, err := b.system.store.LocalModel(ctx, version)
	if err != nil {
		return nil, err
	}
	b.local, err = charmodel.Read(bytes.NewReader(content))
	return b.local, err
}
