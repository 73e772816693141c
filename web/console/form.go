package console

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xiaobao/casework"
)

// fields is a form as its page shows it: the values to offer, and what was
// wrong with those just sent.
type fields struct {
	values url.Values
	errors map[string]string
}

// fields offers what was entered before, or else the defaults.
func (v *visit) fields(defaults url.Values) fields {
	f := fields{values: defaults, errors: map[string]string{}}
	if v.Entered != nil {
		f.values = v.Entered
	}
	for _, problem := range caseErrors(v.memo.problem) {
		if name, ok := strings.CutPrefix(problem.Code, "field:"); ok {
			f.errors[name] = v.words(problem)
		}
	}
	return f
}

// Get is the value of a field.
func (f fields) Get(name string) string { return f.values.Get(name) }

// Has reports whether a field has a value among its values, for boxes and menus.
func (f fields) Has(name string, value any) bool {
	return slices.Contains(f.values[name], textOf(value))
}

// Error is what was wrong with a field; empty if nothing was.
func (f fields) Error(name string) string { return f.errors[name] }

// RequestID marks one filling-in of a form, so that sending it twice does it once.
func (f fields) RequestID() string {
	if id := f.Get("request_id"); id != "" {
		return id
	}
	return newID()
}

func newID() string { return rand.Text() }

// refused shows the form again with what was entered and what was wrong with
// it. What the visitor cannot mend becomes an error page.
func (v *visit) refused(err error, again page) (reply, error) {
	switch casework.KindOf(err) {
	case casework.Internal, casework.NotFound:
		return reply{}, err
	}
	v.memo.problem = err
	v.Entered = v.PostForm
	answer, failed := again(v)
	if failed != nil {
		return reply{}, errors.Join(failed, err)
	}
	answer.status = statusOf(err)
	return answer, nil
}

// caseErrors are all errors in words within err.
func caseErrors(err error) []*casework.Error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*casework.Error
		for _, one := range joined.Unwrap() {
			all = append(all, caseErrors(one)...)
		}
		return all
	}
	if one, ok := errors.AsType[*casework.Error](err); ok {
		return []*casework.Error{one}
	}
	return nil
}

// badField is an error about one field of a form.
func badField(field, english, chinese string) error {
	return casework.Errorf(casework.Invalid, "%s", english).InChinese("%s", chinese).WithCode("field:" + field)
}

// text is a field without the blanks around it.
func (v *visit) text(name string) string { return strings.TrimSpace(v.PostFormValue(name)) }

// texts are the values of a field that has several, without empty ones.
func (v *visit) texts(name string) []string {
	_ = v.PostFormValue(name) // reads the form
	return slices.DeleteFunc(slices.Clone(v.PostForm[name]), func(s string) bool { return s == "" })
}

// number reads a whole number; empty is 0.
func (v *visit) number(name string) (int64, error) {
	text := v.text(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, badField(name, "give a whole number, 0 or more", "请填写 0 或更大的整数")
	}
	return n, nil
}

// period reads two days in Beijing, both included, as the moments from and to.
func period(first, last string) (from, to time.Time, err error) {
	switch {
	case first == "" && last == "":
		return from, to, nil
	case first != "" && casework.Day(first).Midnight().IsZero(), last != "" && casework.Day(last).Midnight().IsZero():
		return from, to, badField("period", "give days such as 2026-03-31", "日期请写成 2026-03-31 的样子")
	}
	if first != "" {
		from = casework.Day(first).Midnight()
	}
	if last != "" {
		to = casework.Day(last).Midnight().AddDate(0, 0, 1)
	}
	return from, to, nil
}

// setCookie keeps a choice of this browser that is no secret.
func (v *visit) setCookie(name, value string) { v.setCookieFor(name, value, 365*24*60*60) }

// setCookieFor keeps something in this browser for some seconds.
func (v *visit) setCookieFor(name, value string, seconds int) {
	http.SetCookie(v.writer, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.console.Sessions.Cookie.Secure,
	})
}
