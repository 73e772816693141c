package console

import (
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"xiaobao/casework"
)

// What a session holds.
const (
	sessionUser   = "user"   // id of who is logged in
	sessionSince  = "since"  // when the password was set that they logged in with
	sessionNotice = "notice" // message for the next page
	sessionNext   = "next"   // where to go after logging in
	sessionKept   = "kept"   // a form sent without a session
	sessionSearch = "search" // words looked for, by token
)

// A keptForm is a form that came when the session was lost. Owner is the mark
// of who had logged in last with this browser: nobody else gets to see it.
type keptForm struct {
	Owner  string
	Path   string
	Values map[string][]string
}

// searches are the words looked for, by token, and the order of the tokens.
type searches struct {
	Words map[string]map[string]string
	Order []string
}

func init() {
	gob.Register(keptForm{})
	gob.Register(notice{})
	gob.Register(searches{})
}

// via says on the audit trail where users of the console act from.
const via = "console"

// identify finds out who is visiting, and in which language.
func (v *visit) identify() error {
	v.Lang = languageOf(v.Request)
	id := v.console.Sessions.GetString(v.Context(), sessionUser)
	if id == "" {
		return nil
	}
	user, err := v.console.Desk.User(v.Context(), casework.Actor(id), via)
	switch {
	case err != nil && (casework.KindOf(err) == casework.NotFound || casework.KindOf(err) == casework.Denied):
		user.Active = false
	case err != nil:
		return err
	}
	if !user.Active || !v.current(user) {
		return v.console.Sessions.Clear(v.Context())
	}
	v.User = user
	v.Lang = "zh"
	if user.Language == "en" {
		v.Lang = "en"
	}
	return nil
}

// begin notes in the session who is logged in, and with which password: one
// that is set later ends the session. Moments are compared for being the same
// and not for their order, so that no clock of another machine matters.
func (v *visit) begin(user casework.User) {
	v.console.Sessions.Put(v.Context(), sessionUser, string(user.ID))
	v.console.Sessions.Put(v.Context(), sessionSince, user.CredentialsAt.UnixMicro())
}

// current reports whether the password the session began with is still the
// user's.
func (v *visit) current(user casework.User) bool {
	since, ok := v.console.Sessions.Get(v.Context(), sessionSince).(int64)
	return ok && since == user.CredentialsAt.UnixMicro()
}

// maxKept bounds a form that is kept for after the login.
const maxKept = 64 << 10

// askLogin sends the visitor to the login page and remembers what they were
// doing: the page they asked for, or the form they filled in.
func (v *visit) askLogin() (reply, error) {
	sessions, ctx := v.console.Sessions, v.Context()
	if v.Method == http.MethodPost {
		form := v.formPath()
		sessions.Put(ctx, sessionNext, form)
		owner := v.lastUser()
		if kept, ok := v.keep(); ok && owner != "" && v.route.form != "" {
			sessions.Put(ctx, sessionKept, keptForm{Owner: owner, Path: form, Values: kept})
		}
		return goTo("/login?expired=1")
	}
	if v.Header.Get("HX-Request") == "" && !strings.Contains(v.Header.Get("Accept"), "text/event-stream") {
		sessions.Put(ctx, sessionNext, v.URL.RequestURI())
	}
	if v.URL.Path == "/" {
		return goTo("/login")
	}
	return goTo("/login?expired=1")
}

// formPath is the page with the form that was sent here.
func (v *visit) formPath() string {
	path := v.route.form
	for _, name := range []string{"id", "list"} {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(v.PathValue(name)))
	}
	if path == "" {
		return "/"
	}
	return path
}

// keep takes what was entered, except passwords and files.
func (v *visit) keep() (map[string][]string, bool) {
	if strings.HasPrefix(v.Header.Get("Content-Type"), "multipart/") || v.ParseForm() != nil {
		return nil, false
	}
	kept, size := map[string][]string{}, 0
	for name, values := range v.PostForm {
		if strings.Contains(name, "password") {
			continue
		}
		kept[name] = values
		for _, value := range values {
			size += len(value)
		}
	}
	return kept, len(kept) > 0 && size <= maxKept
}

// lastCookie names the cookie that tells who logged in last, for a while after
// the session is lost. It outlives the longest session by half a day.
const (
	lastCookie = "xiaobao_last"
	lastLife   = 24 * 60 * 60 // seconds
)

// markOf stands for a user in a browser that may no longer be theirs.
func markOf(id casework.Actor) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// lastUser is the mark of who logged in last with this browser; "" if it was
// nobody of late.
func (v *visit) lastUser() string {
	cookie, err := v.Cookie(lastCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// dropStrangers forgets what another user was doing when their session was
// lost: the form they sent, and the page it was on.
func (v *visit) dropStrangers(user casework.User) {
	kept, ok := v.console.Sessions.Get(v.Context(), sessionKept).(keptForm)
	if ok && kept.Owner != markOf(user.ID) {
		v.console.Sessions.Remove(v.Context(), sessionKept)
		v.console.Sessions.Remove(v.Context(), sessionNext)
	}
}

// offerKept fills the page's form with what was entered before the session
// was lost; once.
func (v *visit) offerKept() {
	if v.User.ID == "" || v.Method != http.MethodGet {
		return
	}
	kept, ok := v.console.Sessions.Get(v.Context(), sessionKept).(keptForm)
	if !ok || kept.Path != v.URL.Path {
		return
	}
	v.console.Sessions.Remove(v.Context(), sessionKept)
	v.Entered = kept.Values
	v.console.Sessions.Put(v.Context(), sessionNotice, notice{Kind: "warning", Text: v.t("form.kept")})
}

// say leaves a message for the next page.
func (v *visit) say(key string, args ...any) {
	v.console.Sessions.Put(v.Context(), sessionNotice, notice{Kind: "success", Text: v.t(key, args...)})
}

// warn leaves a message about something that did not go as asked.
func (v *visit) warn(text string) {
	v.console.Sessions.Put(v.Context(), sessionNotice, notice{Kind: "warning", Text: text})
}

func (v *visit) takeNotice() *notice {
	if v.sessionless {
		return nil
	}
	if n, ok := v.console.Sessions.Pop(v.Context(), sessionNotice).(notice); ok {
		return &n
	}
	return nil
}
