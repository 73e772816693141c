package desk_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
)

// A refusal is what the audit trail says of a refused login.
type refusal struct {
	Failures     int    `json:"failures"`
	LoginWaits   bool   `json:"login_waits"`
	AddressWaits bool   `json:"address_waits"`
	Address      string `json:"address"`
}

// refusals are those on the trail, the oldest first, and what they are about.
func (o *office) refusals(t *testing.T) (found []refusal, objects []string) {
	t.Helper()
	for _, e := range o.trail(t) {
		if e.Action != "user.login_failed" {
			continue
		}
		if e.By != "" || e.From != "console" {
			t.Errorf("by %q from %q", e.By, e.From)
		}
		var r refusal
		must(t, json.Unmarshal([]byte(e.Detail), &r))
		found, objects = append(found, r), append(objects, e.Object)
	}
	return found, objects
}

func TestRefusedLoginsAreOnTheTrailWithoutNamesAndWithoutFillingIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	clock := noon
	o.Now = func() time.Time { return clock }
	try := func(login, address string) {
		clock = clock.Add(time.Millisecond)
		_, err := o.Login(t.Context(), login, "wrong", address, "console")
		if err == nil {
			t.Fatal("a wrong password was taken")
		}
	}
	for i := range 8 { // the last three are not even tried
		try([]string{"B1-officer", "b1-OFFICER"}[i%2], "10.0.0.1")
	}
	try("geheim-statt-login", "203.0.113.9")
	found, objects := o.refusals(t)
	want := []refusal{{1, false, false, "internal"}, {5, true, false, "internal"}, {1, false, false, "external"}}
	if fmt.Sprint(found) != fmt.Sprint(want) {
		t.Fatalf("the trail has %+v, want %+v", found, want)
	}
	if objects[0] != objects[1] || objects[0] == objects[2] || len(objects[0]) != len("login/")+12 {
		t.Errorf("they are about %q", objects)
	}
	for _, secret := range []string{"geheim", "b1-officer", "B1-officer", "10.0.0.1", "203.0.113.9", "wrong"} {
		if strings.Contains(text(o.trail(t)), secret) {
			t.Errorf("%q is on the audit trail", secret)
		}
	}
	_, broken, err := o.store.VerifyAudit(t.Context())
	if err != nil || broken != nil {
		t.Errorf("the chain is broken at %v, %v", broken, err)
	}
}

func TestALockedAddressIsOnTheTrail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i := range 15 { // two for each login, so that no login has to wait
		for range 2 {
			_, err := o.Login(t.Context(), fmt.Sprint("guess", i), "wrong", "::1", "console")
			kind(t, err, casework.Denied)
		}
	}
	_, err := o.Login(t.Context(), "guess99", "wrong", "::1", "console")
	kind(t, err, casework.Busy)
	found, _ := o.refusals(t)
	if len(found) != 16 || found[15] != (refusal{2, false, true, "this machine"}) {
		t.Errorf("the trail has %+v", found)
	}
}
