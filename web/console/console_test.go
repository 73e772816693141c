package console_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xiaobao/web/console"
	"xiaobao/web/console/consoletest"
)

// A browser visits one console as one user.
type browser struct {
	*testing.T
	desk   *consoletest.Desk
	client *http.Client
	base   string
}

// open starts a console over a desk of its own and logs a user in; an empty
// login stays outside.
func open(t *testing.T, login string, change ...func(*console.Console)) *browser {
	t.Helper()
	desk, err := consoletest.New()
	if err != nil {
		t.Fatal(err)
	}
	return over(t, desk, login, change...)
}

func over(t *testing.T, desk *consoletest.Desk, login string, change ...func(*console.Console)) *browser {
	t.Helper()
	c := desk.Console(slog.New(slog.DiscardHandler))
	for _, do := range change {
		do(c)
	}
	handler, err := c.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{T: t, desk: desk, base: server.URL, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if login != "" {
		b.login(login)
	}
	return b
}

// beside is another browser at the same console.
func (b *browser) beside(login string) *browser {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	other := &browser{T: b.T, desk: b.desk, base: b.base, client: &http.Client{Jar: jar, CheckRedirect: b.client.CheckRedirect}}
	other.login(login)
	return other
}

// lose takes cookies from the browser, as if their time were up.
func (b *browser) lose(names ...string) {
	b.Helper()
	at, err := url.Parse(b.base)
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		b.client.Jar.SetCookies(at, []*http.Cookie{{Name: name, Path: "/", MaxAge: -1}})
	}
}

func (b *browser) login(login string) answer {
	b.Helper()
	a := b.post("/login", url.Values{"login": {login}, "password": {consoletest.Password}})
	if a.status != http.StatusSeeOther {
		b.Fatalf("login of %s answered %d", login, a.status)
	}
	return a
}

type answer struct {
	status int
	body   string
	header http.Header
}

func (a answer) location() string { return a.header.Get("Location") }

func (b *browser) do(r *http.Request) answer {
	b.Helper()
	response, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer{response.StatusCode, string(body), response.Header}
}

func (b *browser) get(path string) answer {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, form url.Values) answer {
	b.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.base)
	return b.do(r)
}

func (a answer) has(t testing.TB, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("the page (%d) lacks %q", a.status, w)
		}
	}
}

func (a answer) lacks(t testing.TB, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			t.Errorf("the page (%d) has %q", a.status, w)
		}
	}
}

var aFinding = regexp.MustCompile(`/findings/(f-[0-9a-f]+)`)

// candidate is a finding that still waits for a decision.
func (b *browser) candidate() string {
	b.Helper()
	found := aFinding.FindStringSubmatch(b.get("/findings?inspection=i-7f3a&status=candidate").body)
	if found == nil {
		b.Fatal("no candidate is listed")
	}
	return found[1]
}
