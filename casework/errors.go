package casework

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what the caller can do about them.
type Kind string

// The kinds of errors.
const (
	Internal Kind = "internal"  // nothing: a bug or a broken dependency
	Invalid  Kind = "invalid"   // send something else
	NotFound Kind = "not found" // look elsewhere
	Conflict Kind = "conflict"  // read again, then decide again
	Denied   Kind = "denied"    // ask someone with the right to do it
	Busy     Kind = "busy"      // wait and try again
)

// CodeDatabaseAway is the code of errors that mean that the database does not
// answer; nothing is wrong with what was asked.
const CodeDatabaseAway = "database_away"

// An Error is a failure in words that may be shown to whoever asked. It has
// them in both languages of the console, because only the place that fails
// knows what to say.
type Error struct {
	Kind    Kind
	Code    string // stable, for machines: "finding_decided"; may be empty
	Message string // English: logs, CLI, API
	Chinese string // for officers; empty means that Message serves
	Cause   error  // for the log only, never shown
}

// Errorf makes an error of the given kind with an English message.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Because adds the cause, which the log shows and the reader does not see.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// InChinese adds the words for officers.
func (e *Error) InChinese(format string, args ...any) *Error {
	c := *e
	c.Chinese = fmt.Sprintf(format, args...)
	return &c
}

// WithCode adds the stable code that machines go by.
func (e *Error) WithCode(code string) *Error {
	c := *e
	c.Code = code
	return &c
}

// Error gives the message and what caused it.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.Cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf is the kind of err: Internal unless something in its chain says
// otherwise.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Words are what a person is told of err in English: nothing of what is inside.
func Words(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return "Something went wrong here. It has been noted."
}

// WordsZh are what an officer is told of err in Chinese.
func WordsZh(err error) string {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return "系统出了点问题，已经记录下来，请稍后再试。"
	case e.Chinese != "":
		return e.Chinese
	}
	return e.Message
}
