package console

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"xiaobao/casework"
)

// A page answers a visit with a reply, or fails. What it replies is written
// only when it has been rendered as a whole.
type page func(*visit) (reply, error)

// A visit is one request by one user.
type visit struct {
	*http.Request
	console *Console
	User    casework.User // zero on open pages without login
	Lang    string        // "zh" or "en"
	// Entered are the values to show in a form again: those just sent and
	// refused, or those kept over a lost session. Nil for a fresh form.
	Entered map[string][]string

	writer      http.ResponseWriter
	route       route
	memo        memo
	sessionless bool // the session could not be read or saved
}

// A reply is what a page comes to: exactly one of a template, an address to
// go to, a file, or something that writes itself.
type reply struct {
	status   int
	template string
	fragment string // a template within the page, shown without the frame
	data     any
	location string
	file     *file
	stream   func(http.ResponseWriter, *http.Request) error
}

// A file is a download.
type file struct {
	name, kind string
	write      func(io.Writer) error
}

func show(template string, data any) (reply, error) {
	return reply{status: http.StatusOK, template: template, data: data}, nil
}

// fragment shows one part of a page, for htmx.
func fragment(template, name string, data any) (reply, error) {
	return reply{status: http.StatusOK, template: template, fragment: name, data: data}, nil
}

// goTo sends the browser on, so that going back or reloading repeats nothing.
func goTo(location string) (reply, error) {
	return reply{status: http.StatusSeeOther, location: location}, nil
}

func download(name, kind string, write func(io.Writer) error) (reply, error) {
	return reply{status: http.StatusOK, file: &file{name: name, kind: kind, write: write}}, nil
}

// maxForm bounds what a form may hold; files have their own bound.
const maxForm = 4 << 20

// serve makes a handler of a route: who is it, may they, what do they get.
func (c *Console) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Request: r, console: c, writer: w, route: rt, Lang: "zh"}
		if r.Method == http.MethodPost && !rt.uploads {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		}
		answer, err := c.admit(v)
		if err != nil {
			answer = c.apology(v, err)
		}
		c.write(v, answer)
	})
}

// admit lets a visit through to its page.
func (c *Console) admit(v *visit) (reply, error) {
	if err := v.identify(); err != nil {
		return reply{}, err
	}
	if err := v.readForm(); err != nil {
		return reply{}, err
	}
	switch {
	case v.route.open:
	case v.User.ID == "":
		return v.askLogin()
	case v.route.needs != "" && !v.User.May(v.route.needs):
		return reply{}, v.User.Permit(v.route.needs)
	}
	v.offerKept()
	return v.route.page(v)
}

// readForm reads what was sent, so that a form that is too large is refused
// and not taken for an empty one. Pages that take files read them themselves.
func (v *visit) readForm() error {
	if v.Method != http.MethodPost || v.route.uploads {
		return nil
	}
	err := v.ParseForm()
	if err == nil && strings.HasPrefix(v.Header.Get("Content-Type"), "multipart/") {
		err = v.ParseMultipartForm(maxForm)
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return casework.Errorf(casework.Invalid, "what was sent is larger than the %d MiB a form may hold; shorten it and send it again", maxForm>>20).
			InChinese("提交的内容超过 %d MB 的上限，没有受理。请缩短内容后重新提交", maxForm>>20).WithCode("form_too_large").Because(tooLarge)
	}
	if err != nil {
		return casework.Errorf(casework.Invalid, "the form did not arrive whole; go back and send it again").
			InChinese("提交的内容没有完整送达，请返回上一页重新提交").WithCode("form_unreadable").Because(err)
	}
	return nil
}

// write sends the reply. Templates and files are made in memory first, so
// that a failure half way still makes a proper error page.
func (c *Console) write(v *visit, answer reply) {
	switch {
	case answer.stream != nil:
		if err := answer.stream(v.writer, v.Request); err != nil && v.Context().Err() == nil {
			c.Log.ErrorContext(v.Context(), "stream failed", "route", v.route.pattern, "error", err)
		}
		return
	case answer.location != "":
		c.redirect(v, answer)
		return
	}
	var body bytes.Buffer
	kind := "text/html; charset=utf-8"
	var err error
	if answer.file != nil {
		kind = answer.file.kind
		err = answer.file.write(&body)
	} else {
		err = c.pages[v.Lang].render(&body, answer)
	}
	if err != nil && answer.template != "error" {
		c.write(v, c.apology(v, err))
		return
	}
	if err != nil {
		c.Log.ErrorContext(v.Context(), "the error page failed", "error", err)
		http.Error(v.writer, "系统出了点问题 Something went wrong here.", http.StatusInternalServerError)
		return
	}
	if answer.file != nil {
		v.writer.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": answer.file.name}))
	}
	v.writer.Header().Set("Content-Type", kind)
	v.writer.WriteHeader(answer.status)
	_, _ = body.WriteTo(v.writer) // the client may have left; nothing can be done about it
}

// redirect sends the browser on; htmx follows a header, so that the whole
// page changes and not the part it asked for.
func (c *Console) redirect(v *visit, answer reply) {
	if v.Header.Get("HX-Request") == "true" {
		v.writer.Header().Set("HX-Redirect", answer.location)
		v.writer.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(v.writer, v.Request, answer.location, answer.status)
}

// apology is the error page: words, and a number under which the log tells more.
func (c *Console) apology(v *visit, err error) reply {
	reference := strings.ToLower(rand.Text()[:8])
	status := statusOf(err)
	level := c.Log.WarnContext
	if status >= http.StatusInternalServerError {
		level = c.Log.ErrorContext
	}
	level(v.Context(), "request refused", "route", v.route.pattern, "status", status, "reference", reference, "user", v.User.ID, "error", err)
	data := errorPage{Base: v.base("error.title"), Status: status, Words: v.words(err), Reference: reference}
	if v.Header.Get("HX-Request") == "true" {
		return reply{status: status, template: "error", fragment: "notice", data: data}
	}
	return reply{status: status, template: "error", data: data}
}

type errorPage struct {
	Base
	Status    int
	Words     string
	Reference string
}

// statusOf is the HTTP status of an error.
func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	if away(err) {
		return http.StatusServiceUnavailable
	}
	switch casework.KindOf(err) {
	case casework.Invalid:
		return http.StatusUnprocessableEntity
	case casework.NotFound:
		return http.StatusNotFound
	case casework.Conflict:
		return http.StatusConflict
	case casework.Denied:
		return http.StatusForbidden
	case casework.Busy:
		return busyStatus(err)
	}
	return http.StatusInternalServerError
}

// busyStatus tells a visitor who has asked too often from a server, or what
// stands behind it, that is slow.
func busyStatus(err error) int {
	if e, ok := errors.AsType[*casework.Error](err); ok && e.Code == "login_throttled" {
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}

// words are what the user is told of err, in their language.
func (v *visit) words(err error) string {
	if v.Lang == "en" {
		return casework.Words(err)
	}
	return casework.WordsZh(err)
}

func (c *Console) notFound(v *visit) (reply, error) {
	return reply{}, casework.Errorf(casework.NotFound, "there is no such page").InChinese("没有这个页面，地址可能写错了，或者内容已被移走")
}

func (c *Console) crossOrigin(v *visit) (reply, error) {
	return reply{}, casework.Errorf(casework.Denied, "this form came from another site and was not accepted").
		InChinese("这个请求来自其他网站，没有受理。请回到本系统的页面重新操作").WithCode("cross_origin")
}
