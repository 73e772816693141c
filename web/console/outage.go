package console

import (
	"errors"
	"net/http"
	"strconv"

	"xiaobao/casework"
)

// retryAfter is when a browser may ask again while the database is away, in
// seconds.
const retryAfter = 5

// withSessions loads the session of each request and saves it. Where that
// fails, the visitor gets the error page instead of what was to be shown.
func (c *Console) withSessions(next http.Handler) http.Handler {
	sessions := c.Sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sessions.ServeHTTP(&closable{ResponseWriter: w}, r)
	})
}

// sessionFailed answers a request whose session could not be read or saved.
// Its cookie is left alone: the session is there again when its store is.
func (c *Console) sessionFailed(w http.ResponseWriter, r *http.Request, err error) {
	for _, name := range []string{"Location", "HX-Redirect", "Content-Disposition"} {
		w.Header().Del(name) // of the answer that is not sent
	}
	v := &visit{Request: r, console: c, writer: w, route: route{pattern: r.Pattern}, Lang: languageOf(r), sessionless: true}
	c.write(v, c.apology(v, err))
	if answered, ok := w.(*closable); ok {
		answered.closed = true
	}
}

// languageOf is the language of a browser whose user is not known.
func languageOf(r *http.Request) string {
	if cookie, err := r.Cookie("xiaobao_language"); err == nil && cookie.Value == "en" {
		return "en"
	}
	return "zh"
}

// A closable writer can be closed to what was still to be written. Sessions
// are saved when an answer begins, and if that fails the error page has taken
// the answer's place.
type closable struct {
	http.ResponseWriter
	closed bool
}

var errAnswered = errors.New("the request was answered with an error page, for its session could not be saved")

// WriteHeader begins the answer.
func (w *closable) WriteHeader(status int) {
	if w.closed {
		return
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write goes on with the answer.
func (w *closable) Write(b []byte) (int, error) {
	if w.closed {
		return 0, errAnswered
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController what is below.
func (w *closable) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// away reports whether err says that the database does not answer.
func away(err error) bool {
	e, ok := errors.AsType[*casework.Error](err)
	return ok && e.Code == casework.CodeDatabaseAway
}
