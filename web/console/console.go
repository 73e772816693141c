package console

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"xiaobao/rulebook"
)

// A Console serves the officers' pages. Its fields are set before Handler is
// called, and not after.
type Console struct {
	Desk       Desk
	Book       *rulebook.Book
	Screener   func() Screener // a fresh one for each request: screeners are not shared
	Sessions   *scs.SessionManager
	Log        *slog.Logger
	TemporalUI string // base address of the Temporal UI; empty: no links to it
	Namespace  string // of Temporal, for those links; empty: "default"
	Version    string // of this build
	AssetsDir  string // where vendor files are looked for if they were not built in
	Now        func() time.Time
	Poll       time.Duration // how often live pages look for progress; 0: each second

	words  *catalogue
	assets *assets
	pages  map[string]*pageSet // by language
}

// NewSessions is a session manager over store with the cookie the console
// needs. Secure is for servers that are reached by https.
func NewSessions(store scs.Store, secure bool) *scs.SessionManager {
	s := scs.New()
	s.Store = store
	s.Lifetime = 12 * time.Hour
	s.IdleTimeout = 2 * time.Hour
	s.Cookie.Name = "xiaobao_session"
	s.Cookie.HttpOnly = true
	s.Cookie.SameSite = http.SameSiteLaxMode
	s.Cookie.Secure = secure
	s.Cookie.Persist = false
	return s
}

// Handler reads the embedded pages and gives the console's handler. It fails
// if a template, a catalogue or the route table is wrong.
func (c *Console) Handler() (http.Handler, error) {
	if c.Desk == nil || c.Book == nil || c.Sessions == nil || c.Screener == nil {
		return nil, fmt.Errorf("console: Desk, Book, Sessions and Screener must be set")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Namespace == "" {
		c.Namespace = "default"
	}
	if c.Poll == 0 {
		c.Poll = time.Second
	}
	c.TemporalUI = strings.TrimSuffix(c.TemporalUI, "/")
	var err error
	if c.words, err = readCatalogue(); err != nil {
		return nil, err
	}
	if c.assets, err = openAssets(c.AssetsDir); err != nil {
		return nil, err
	}
	if c.pages, err = readPages(c.words, c.assets); err != nil {
		return nil, err
	}
	c.Sessions.ErrorFunc = c.sessionFailed
	mux := http.NewServeMux()
	for _, route := range c.routes() {
		mux.Handle(route.pattern, c.serve(route))
	}
	mux.Handle("GET /assets/", c.assets)
	mux.Handle("/", c.serve(route{page: c.notFound, open: true}))
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(c.withSessions(c.serve(route{page: c.crossOrigin, open: true})))
	return secured(protection.Handler(c.withSessions(mux))), nil
}
