package llm

import (
	"context"
	"time"

	"xiaobao/casework"
)

// A Ledger keeps what models were asked and answered, what they cost, and
// whether they may be asked at all.
type Ledger interface {
	// FinishedCall gives the checked, masked answer of an ended call with this
	// key that went well, so that a repeated attempt pays once.
	FinishedCall(ctx context.Context, key string) (answer []byte, call casework.ModelCall, found bool, err error)
	// AppendCall writes a row, which is never changed: stage begun without an
	// answer, stage ended with the checked, masked answer or, if it did not
	// go well, without.
	AppendCall(ctx context.Context, call casework.ModelCall, answer []byte) error

	// CachedAnswer gives an answer kept under a key, unless its time is over.
	CachedAnswer(ctx context.Context, key string, now time.Time) (answer []byte, found bool, err error)
	// CacheAnswer keeps an answer until its time is over.
	CacheAnswer(ctx context.Context, key string, answer []byte, until time.Time) error

	// Reserve sets aside what a call may use of its day's budget. Where that
	// is spent the error has the code of casework.TroubleBudget.
	Reserve(ctx context.Context, endpoint string, at time.Time, tokens int64, cost float64, limit casework.ModelBudget) error
	// Settle puts what a call did use in the place of what was set aside.
	Settle(ctx context.Context, endpoint string, at time.Time, reservedTokens, tokens int64, reservedCost, cost float64) error

	// SwitchedOff reports whether a person turned the endpoint off, by its
	// own name or by casework.AllModels.
	SwitchedOff(ctx context.Context, endpoint string) (bool, error)
}
