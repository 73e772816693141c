package localstack_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"xiaobao/localstack"
)

func TestTwoUpsAtOnceStartOneProcess(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := listener("one", freeAddress(t))
	var wg sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		wg.Go(func() {
			release, err := h.Lock(t.Context(), func(string) {})
			if err != nil {
				errs[i] = err
				return
			}
			defer release()
			errs[i] = (&localstack.Stack{Home: h, Stages: []localstack.Stage{{Parts: []localstack.Part{p}}}}).Up(t.Context())
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(filepath.Join(string(h), "log", "one.log"))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(log, []byte("--- one started")); n != 1 {
		t.Errorf("it was started %d times, want once", n)
	}
}

func TestALockThatIsHeldIsWaitedForAndNamed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	release, err := h.Lock(t.Context(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var waited string
	_, err = h.Lock(ctx, func(pid string) { waited = pid; cancel() })
	if err == nil || waited != fmt.Sprint(os.Getpid()) {
		t.Errorf("got %v after waiting for %q, want a refusal that names %d", err, waited, os.Getpid())
	}
	release()
	release, err = h.Lock(t.Context(), func(string) { t.Error("waited for nobody") })
	if err != nil {
		t.Fatal(err)
	}
	release()
}
