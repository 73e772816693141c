package workflows

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
)

// errorDetails are the words of a casework.Error on their way through
// Temporal, whose own failures have room for one message only.
type errorDetails struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Chinese string `json:"chinese,omitempty"`
}

// kinds are those that cross the border as themselves. Internal errors stay
// what they are, so that Temporal retries them.
var kinds = []casework.Kind{casework.Invalid, casework.NotFound, casework.Conflict, casework.Denied, casework.Busy}

// busyPause is how long a busy activity rests before the next attempt.
const busyPause = 15 * time.Second

// ToTemporal puts an error of the domain into Temporal's words: the kind is
// its type, the words for people are its details. Only what is busy is tried
// again, after a pause; all of them are expected, so no alarm is due. Other
// errors stay as they are. The cause stays behind, since it may quote data.
func ToTemporal(err error) error {
	e, ok := errors.AsType[*casework.Error](err)
	if !ok || !slices.Contains(kinds, e.Kind) {
		return err
	}
	options := temporal.ApplicationErrorOptions{
		NonRetryable: e.Kind != casework.Busy,
		Category:     temporal.ApplicationErrorCategoryBenign,
		Details:      []any{errorDetails{Code: e.Code, Message: e.Message, Chinese: e.Chinese}},
	}
	if e.Kind == casework.Busy {
		options.NextRetryDelay = busyPause
	}
	return temporal.NewApplicationErrorWithOptions(e.Message, string(e.Kind), options)
}

// FromTemporal gives an error of the domain back as it was before ToTemporal,
// and tells Temporal's own errors in the domain's words.
func FromTemporal(err error) error {
	if err == nil {
		return nil
	}
	if _, ours := errors.AsType[*casework.Error](err); ours {
		return err
	}
	if e, ok := errors.AsType[*temporal.ApplicationError](err); ok && slices.Contains(kinds, casework.Kind(e.Type())) {
		return restored(e)
	}
	return told(err)
}

// restored is the error that ToTemporal put into words.
func restored(e *temporal.ApplicationError) error {
	details := errorDetails{Message: e.Message()}
	if e.HasDetails() {
		if err := e.Details(&details); err != nil {
			return casework.Errorf(casework.Internal, "an error came back in a form that cannot be read").Because(err)
		}
	}
	return &casework.Error{
		Kind: casework.Kind(e.Type()), Code: details.Code,
		Message: details.Message, Chinese: details.Chinese, Cause: e,
	}
}

// told says in our words what Temporal itself reports.
func told(err error) error {
	_, missing := errors.AsType[*serviceerror.NotFound](err)
	_, unavailable := errors.AsType[*serviceerror.Unavailable](err)
	_, exhausted := errors.AsType[*serviceerror.ResourceExhausted](err)
	_, late := errors.AsType[*serviceerror.DeadlineExceeded](err)
	unanswered, ok := errors.AsType[*client.WorkflowUpdateServiceTimeoutOrCanceledError](err)
	late = late || ok && !givenUp(unanswered)
	switch {
	case missing:
		return casework.Errorf(casework.NotFound, "this procedure does not run, or no longer").
			InChinese("该流程不存在或已经结束，请刷新页面查看最新状态").WithCode("procedure_ended").Because(err)
	case temporal.IsWorkflowExecutionAlreadyStartedError(err):
		return casework.Errorf(casework.Conflict, "this procedure has been started already").
			InChinese("该流程已经启动，请勿重复操作").WithCode("procedure_started").Because(err)
	case unavailable, exhausted, late, errors.Is(err, context.DeadlineExceeded):
		return casework.Errorf(casework.Busy, "the procedure does not answer just now; try again in a moment").
			InChinese("流程引擎暂时没有响应，请稍后重试").WithCode("procedure_busy").Because(err)
	}
	return err
}

// givenUp reports whether the caller went away, rather than the time.
func givenUp(err error) bool {
	_, canceled := errors.AsType[*serviceerror.Canceled](err)
	return canceled || errors.Is(err, context.Canceled)
}
