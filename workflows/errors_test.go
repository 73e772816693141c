package workflows_test

import (
	"errors"
	"fmt"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// through sends an error the way a failure travels: encoded and decoded.
func through(err error) error {
	failures := temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{DataConverter: converter.GetDefaultDataConverter()})
	return failures.FailureToError(failures.ErrorToFailure(err))
}

func TestErrorsKeepTheirWordsThroughTemporal(t *testing.T) {
	t.Parallel()
	for _, kind := range []casework.Kind{casework.Invalid, casework.NotFound, casework.Conflict, casework.Denied, casework.Busy} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			secret := errors.New("the customer said 13800138000")
			sent := casework.Errorf(kind, "decide %d first", 3).InChinese("先认定 %d 条", 3).WithCode("left").Because(secret)

			crossed := through(workflows.ToTemporal(fmt.Errorf("record verdict: %w", sent)))

			got, ok := errors.AsType[*casework.Error](workflows.FromTemporal(crossed))
			if !ok {
				t.Fatalf("came back as %v", crossed)
			}
			if got.Kind != kind || got.Message != sent.Message || got.Chinese != sent.Chinese || got.Code != sent.Code {
				t.Errorf("came back as %+v", got)
			}
			app, ok := errors.AsType[*temporal.ApplicationError](crossed)
			if !ok || app.NonRetryable() == (kind == casework.Busy) {
				t.Errorf("retried: %v", app)
			}
			if app.Error() != fmt.Sprintf("decide 3 first (type: %s, retryable: %v)", kind, kind == casework.Busy) {
				t.Errorf("Temporal is told %q", app.Error())
			}
		})
	}
}

func TestInternalErrorsStayWhatTheyAreForTemporalToRetry(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, errors.New("broken pipe"), casework.Errorf(casework.Internal, "a bug")} {
		if got := workflows.ToTemporal(err); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
}

func TestTemporalsOwnErrorsAreToldInOurWords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want casework.Kind
	}{
		"no such workflow":     {serviceerror.NewNotFound("workflow not found"), casework.NotFound},
		"started already":      {serviceerror.NewWorkflowExecutionAlreadyStarted("", "", ""), casework.Conflict},
		"away":                 {serviceerror.NewUnavailable("connection refused"), casework.Busy},
		"late":                 {serviceerror.NewDeadlineExceeded("deadline"), casework.Busy},
		"something else":       {errors.New("something else"), casework.Internal},
		"of our own, unharmed": {casework.Errorf(casework.Denied, "no"), casework.Denied},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := workflows.FromTemporal(test.err)
			if casework.KindOf(got) != test.want {
				t.Errorf("told as %v", got)
			}
			if !errors.Is(got, test.err) {
				t.Error("the cause is lost")
			}
		})
	}
	if workflows.FromTemporal(nil) != nil {
		t.Error("success came back as an error")
	}
}
