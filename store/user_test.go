package store_test

import (
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store/storetest"
)

func TestUsersAreFoundByLoginWhateverItsCase(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	li := casework.User{ID: "u1", Login: "Li.Lei", Name: "李雷", Role: casework.Officer, OrgID: "ho", Active: true, Language: "zh-CN"}
	must(t, s.AddUser(t.Context(), li, "hash-1"))
	got, hash, err := s.UserByLogin(t.Context(), "li.LEI")
	li.CredentialsAt = got.CredentialsAt
	if err != nil || got != li || hash != "hash-1" || got.CredentialsAt.IsZero() {
		t.Fatalf("got %+v, %q, %v", got, hash, err)
	}
	kind(t, s.AddUser(t.Context(), casework.User{ID: "u2", Login: "LI.LEI", Name: "x", Role: casework.Officer}, ""), casework.Conflict)
	kind(t, s.AddUser(t.Context(), casework.User{ID: "u3", Login: "x", Name: "x", Role: "king"}, ""), casework.Invalid)
	_, _, err = s.UserByLogin(t.Context(), "nobody")
	kind(t, err, casework.NotFound)
	_, _, err = s.UserByLogin(t.Context(), "li\x00")
	kind(t, err, casework.Invalid)
	li.Name, li.Role = "李蕾", casework.Reviewer
	must(t, s.ChangeUser(t.Context(), li))
	if got := have[casework.User](t)(s.User(t.Context(), "u1")); !got.CredentialsAt.Equal(li.CredentialsAt) || got.Name != "李蕾" || got.Role != casework.Reviewer {
		t.Errorf("after the change: %+v", got)
	}
	kind(t, s.SetActive(t.Context(), "u9", false), casework.NotFound)
}

func TestTokensEndWithTimeTheAccountAndThePassword(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	must(t, s.AddUser(t.Context(), casework.User{ID: "u1", Login: "li", Name: "李雷", Role: casework.Officer, Active: true}, "h"))
	valid := func() bool {
		_, err := s.UserByToken(t.Context(), "secret", noon)
		return err == nil
	}
	issue := func() { must(t, s.AddToken(t.Context(), "secret", "u1", noon, noon.Add(time.Hour))) }
	ends := map[string]func(){
		"removed":          func() { must(t, s.RemoveToken(t.Context(), "secret")) },
		"account closed":   func() { must(t, s.SetActive(t.Context(), "u1", false)); must(t, s.SetActive(t.Context(), "u1", true)) },
		"password changed": func() { must(t, s.SetPassword(t.Context(), "u1", "h2")) },
	}
	for name, end := range ends {
		issue()
		if !valid() {
			t.Fatalf("%s: the token is not valid at first", name)
		}
		end()
		if valid() {
			t.Errorf("%s: the token is still valid", name)
		}
	}
	issue()
	_, err := s.UserByToken(t.Context(), "secret", noon.Add(time.Hour))
	kind(t, err, casework.NotFound)
}

func TestOnlyANewPasswordMovesTheMomentOfTheCredentials(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	must(t, s.AddUser(t.Context(), casework.User{ID: "u1", Login: "li", Name: "李雷", Role: casework.Officer, Active: true}, "h"))
	moment := func() time.Time { return have[casework.User](t)(s.User(t.Context(), "u1")).CredentialsAt }
	first := moment()
	must(t, s.SetLanguage(t.Context(), "u1", "en"))
	must(t, s.SetActive(t.Context(), "u1", true))
	if !moment().Equal(first) {
		t.Error("it moved without a new password")
	}
	for range 3 {
		before := moment()
		must(t, s.SetPassword(t.Context(), "u1", "h")) // the same again counts too
		if !moment().After(before) {
			t.Error("it stayed with a new password")
		}
	}
}

func TestRefusedLoginsAreCountedByLoginAndAddress(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	note := func(login, address string, minute int, success bool) {
		must(t, s.NoteLogin(t.Context(), login, address, noon.Add(time.Duration(minute)*time.Minute), success))
	}
	note("li", "10.0.0.1", -100, false) // before the window
	note("li", "10.0.0.1", 0, false)
	note("LI", "10.0.0.2", 1, true)
	note("Li", "10.0.0.1", 2, false)
	note("han", "10.0.0.1", 3, false)
	got := have[casework.LoginFailures](t)(s.LoginFailures(t.Context(), "lI", "10.0.0.1", noon))
	if want := (casework.LoginFailures{ByLogin: 1, ByAddress: 3}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	note("han", "10.0.0.9", 30*24*60, true)
	old := have[casework.LoginFailures](t)(s.LoginFailures(t.Context(), "li", "10.0.0.1", noon.Add(-time.Hour*24)))
	if old.ByAddress != 0 {
		t.Errorf("%d attempts of long ago are still on file", old.ByAddress)
	}
}
