package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"go.temporal.io/sdk/client"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A Desk serves people and systems. Its fields are set once, before use; it
// is safe for concurrent use.
type Desk struct {
	Temporal client.Client
	Records  Records
	Book     *rulebook.Book
	Log      *slog.Logger
	Home     string // where files wait that were handed in
	Settings ModelSettings

	// Try runs a touchpoint through the engines but the language model; nil
	// where nobody can look at trials.
	Try func(ctx context.Context, t *casework.Touchpoint, known []string) (casework.Trial, error)

	// Mask hides personal data in texts that no case file knows the names of,
	// with as many characters; nil means privacy.Mask, which knows no language.
	Mask func(text string, known ...string) (string, error)

	Now func() time.Time // nil means time.Now

	logins sync.Mutex // one password is checked at a time
}

func (d *Desk) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}

// within lists the units whose records the user may see, each with all below
// it; nil means everything, for users of the head office. A partner or vendor
// that stands beside the head office sees itself only.
func (d *Desk) within(ctx context.Context, u casework.User) ([]string, error) {
	org, err := d.Records.Org(ctx, u.OrgID)
	if err != nil {
		return nil, err
	}
	if org.ParentID == "" && org.Kind == "head_office" {
		return nil, nil
	}
	return []string{org.ID}, nil
}

// seesOrg refuses what belongs to a unit outside the user's part of the
// institution, in the words for something that does not exist: whoever may
// not see a record may not learn that there is one.
func (d *Desk) seesOrg(ctx context.Context, u casework.User, orgID, what string) error {
	within, err := d.within(ctx, u)
	if err != nil || within == nil {
		return err
	}
	below, err := d.Records.OrgsBelow(ctx, within)
	if err != nil {
		return err
	}
	if !slices.Contains(below, orgID) {
		return casework.Errorf(casework.NotFound, "there is no %s in your part of the institution", what).
			InChinese("在您的机构范围内没有找到该记录").WithCode("out_of_scope")
	}
	return nil
}

// narrow restricts the units asked for to those the user may see.
func (d *Desk) narrow(ctx context.Context, u casework.User, orgs []string) ([]string, error) {
	within, err := d.within(ctx, u)
	if err != nil || within == nil {
		return orgs, err
	}
	if len(orgs) == 0 {
		return within, nil
	}
	for _, org := range orgs {
		if err := d.seesOrg(ctx, u, org, "unit "+org); err != nil {
			return nil, err
		}
	}
	return orgs, nil
}

// audit writes down what a user is about to do. Detail holds ids, codes and
// counts only. It comes before the deed: what cannot be written down is not done.
func (d *Desk) audit(ctx context.Context, u casework.User, action, object string, detail map[string]any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	return d.Records.AppendAudit(ctx, casework.AuditEntry{
		At: d.now(), By: u.ID, Action: action, Object: object, Detail: string(text), From: u.Via,
	})
}

// note files free text about a case and gives the id that may travel; no
// text gives no id. The request makes it safe to file twice.
func (d *Desk) note(ctx context.Context, u casework.User, about, request, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	id := "n-" + request
	return id, d.Records.AddNote(ctx, casework.Note{ID: id, Case: about, By: u.ID, At: d.now(), Text: text})
}

// maxNote bounds free text, in characters.
const maxNote = 4000

// cleanNote is free text as it is filed.
func cleanNote(text string) (string, error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > maxNote {
		return "", casework.Errorf(casework.Invalid, "a note has at most %d characters", maxNote).
			InChinese("说明最多 %d 字", maxNote).WithCode("field:note")
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", casework.Errorf(casework.Invalid, "the note is not valid text").InChinese("说明不是有效的文本").WithCode("field:note")
	}
	return text, nil
}

// requestID is the id a form sent along, or a new one where none was sent.
func requestID(given string) (string, error) {
	if given == "" {
		return newID(""), nil
	}
	if !plain(given) {
		return "", casework.Errorf(casework.Invalid, "a request id has at most 64 letters, digits and hyphens").
			InChinese("请求编号最多 64 个字母、数字或连字符").WithCode("field:request_id")
	}
	return given, nil
}

// stepID makes of a request id the id of one step of one person on one case:
// people may choose the same request id without getting each other's answer.
func stepID(u casework.User, step, about, given string) (string, error) {
	if len(given) > maxNote {
		return "", casework.Errorf(casework.Invalid, "the request id is too long").InChinese("请求编号过长").WithCode("field:request_id")
	}
	request := given
	if request == "" {
		request = newID("")
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{string(u.ID), step, about, request}, "\x00")))
	return hex.EncodeToString(sum[:16]), nil
}

// plain reports whether s is a short id of letters, digits and hyphens.
func plain(s string) bool {
	return s != "" && len(s) <= 64 && !slices.ContainsFunc([]byte(s), func(b byte) bool {
		return (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '-'
	})
}

// newID makes an id that nobody can guess.
func newID(prefix string) string {
	var b [10]byte
	rand.Read(b[:]) // never fails, by its contract
	return prefix + hex.EncodeToString(b[:])
}
