package consoletest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"xiaobao/casework"
)

// Login checks a password; five wrong ones have the login wait.
func (d *Desk) Login(_ context.Context, login, password, _, _ string) (casework.User, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failures[login] >= 5 {
		return casework.User{}, casework.Errorf(casework.Busy, "too many wrong passwords; wait a quarter of an hour").InChinese("密码错误次数过多，请 15 分钟后再试").WithCode("login_throttled")
	}
	u, err := find(d.users, "user", func(u casework.User) bool { return u.Login == login })
	if err != nil || password != Password || !u.Active {
		d.failures[login]++
		return casework.User{}, casework.Errorf(casework.Denied, "the name or the password is wrong").InChinese("用户名或密码不正确")
	}
	return u, nil
}

// User is the user of a session.
func (d *Desk) User(_ context.Context, id casework.Actor, _ string) (casework.User, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return find(d.users, "user", func(u casework.User) bool { return u.ID == id })
}

// ChangePassword checks the old password and marks the moment; the password
// stays.
func (d *Desk) ChangePassword(_ context.Context, u casework.User, old, _ string) error {
	if old != Password {
		return casework.Errorf(casework.Invalid, "the present password is wrong").InChinese("当前密码不正确").WithCode("field:old_password")
	}
	return d.edit(u.ID, renew)
}

func (d *Desk) edit(id casework.Actor, change func(*casework.User)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.users {
		if d.users[i].ID == id {
			change(&d.users[i])
		}
	}
	return nil
}

// SetLanguage sets a user's language.
func (d *Desk) SetLanguage(_ context.Context, u casework.User, language string) error {
	return d.edit(u.ID, func(u *casework.User) { u.Language = language })
}

// Names are the names of all users.
func (d *Desk) Names(context.Context) (map[casework.Actor]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := map[casework.Actor]string{}
	for _, u := range d.users {
		names[u.ID] = u.Name
	}
	return names, nil
}

// Users lists users.
func (d *Desk) Users(_ context.Context, u casework.User) ([]casework.User, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.users), u.Permit(casework.ManageUsers)
}

// AddUser adds a user.
func (d *Desk) AddUser(_ context.Context, _ casework.User, added casework.User, _ string) (casework.User, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if slices.ContainsFunc(d.users, func(u casework.User) bool { return u.Login == added.Login }) {
		return added, casework.Errorf(casework.Conflict, "the login is taken").InChinese("登录名已被使用").WithCode("field:login")
	}
	added.ID, added.Active = casework.Actor("u-"+added.Login), true
	d.users = append(d.users, added)
	return added, nil
}

// SetActive disables or enables a user.
func (d *Desk) SetActive(_ context.Context, _ casework.User, id casework.Actor, active bool) error {
	return d.edit(id, func(u *casework.User) { u.Active = active })
}

// ResetPassword marks the moment; the password stays.
func (d *Desk) ResetPassword(_ context.Context, _ casework.User, id casework.Actor, _ string) error {
	return d.edit(id, renew)
}

// renew is what a new password does to a user's sessions.
func renew(u *casework.User) { u.CredentialsAt = u.CredentialsAt.Add(time.Second) }

// Orgs lists units.
func (d *Desk) Orgs(context.Context, casework.User) ([]casework.Org, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.orgs), nil
}

// AddOrg adds a unit.
func (d *Desk) AddOrg(_ context.Context, _ casework.User, o casework.Org) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.orgs = append(d.orgs, o)
	return nil
}

// Audit lists the trail, the newest first.
func (d *Desk) Audit(_ context.Context, u casework.User, f casework.AuditFilter, p casework.PageRequest) (casework.Listing[casework.AuditEntry], error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	rows := slices.DeleteFunc(slices.Clone(d.audits), func(e casework.AuditEntry) bool { return f.Action != "" && e.Action != f.Action })
	slices.Reverse(rows)
	return page(rows, p), u.Permit(casework.ViewAudit)
}

// VerifyAudit finds every link in order.
func (d *Desk) VerifyAudit(context.Context, casework.User) (entries int, broken int64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.audits), 0, nil
}

// Exported puts an export on the trail.
func (d *Desk) Exported(_ context.Context, u casework.User, list string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.audit(u, "list.export", "list/"+list)
	return u.Permit(casework.ExportData)
}

// Views lists a user's saved views.
func (d *Desk) Views(_ context.Context, u casework.User, list string) ([]casework.SavedView, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.views), func(v casework.SavedView) bool { return v.Owner != u.ID || v.List != list }), nil
}

// SaveView keeps a view.
func (d *Desk) SaveView(_ context.Context, _ casework.User, v casework.SavedView) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	v.ID = fmt.Sprintf("v-%d", len(d.views)+1)
	d.views = append(d.views, v)
	return nil
}

// DeleteView forgets a view.
func (d *Desk) DeleteView(_ context.Context, u casework.User, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.views = slices.DeleteFunc(d.views, func(v casework.SavedView) bool { return v.ID == id && v.Owner == u.ID })
	return nil
}
