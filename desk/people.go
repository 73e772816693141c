package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
)

// logins are what people type to log in: no spaces, nothing to confuse.
var logins = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

var orgIDs = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// AddUser adds someone who can log in.
func (d *Desk) AddUser(ctx context.Context, u casework.User, added casework.User, password string) (casework.User, error) {
	if err := u.Permit(casework.ManageUsers); err != nil {
		return added, err
	}
	if err := d.seesOrg(ctx, u, added.OrgID, "unit"); err != nil {
		return added, err
	}
	hash, err := d.checkUser(ctx, &added, password)
	if err != nil {
		return added, err
	}
	if err := d.audit(ctx, u, "user.add", "user/"+string(added.ID), map[string]any{"role": added.Role, "org": added.OrgID}); err != nil {
		return added, err
	}
	return added, d.Records.AddUser(ctx, added, hash)
}

// FirstUser adds the first administrator or officers of a new installation,
// before there is anyone who could permit it. It refuses once the login is
// taken.
func (d *Desk) FirstUser(ctx context.Context, added casework.User, password string) (casework.User, error) {
	hash, err := d.checkUser(ctx, &added, password)
	if err != nil {
		return added, err
	}
	system := casework.User{ID: "system", Via: "system"}
	if err := d.audit(ctx, system, "user.first", "user/"+string(added.ID), map[string]any{"role": added.Role}); err != nil {
		return added, err
	}
	return added, d.Records.AddUser(ctx, added, hash)
}

func (d *Desk) checkUser(ctx context.Context, added *casework.User, password string) (string, error) {
	added.Login, added.Name = strings.TrimSpace(added.Login), strings.TrimSpace(added.Name)
	switch {
	case !logins.MatchString(added.Login):
		return "", casework.Errorf(casework.Invalid, "a login has 2 to 40 lower-case letters, digits, dots or hyphens").
			InChinese("登录名为 2 到 40 个小写字母、数字、点或连字符").WithCode("field:login")
	case added.Name == "" || utf8.RuneCountInString(added.Name) > 40:
		return "", casework.Errorf(casework.Invalid, "a user needs a name of at most 40 characters").
			InChinese("请填写姓名，最多 40 字").WithCode("field:name")
	case !added.Role.Known():
		return "", casework.Errorf(casework.Invalid, "there is no role %q", string(added.Role)).
			InChinese("请选择角色").WithCode("field:role")
	}
	if _, err := d.Records.Org(ctx, added.OrgID); err != nil {
		return "", casework.Errorf(casework.Invalid, "there is no unit %q", added.OrgID).
			InChinese("请选择所属机构").WithCode("field:org").Because(err)
	}
	if added.ID == "" {
		added.ID = casework.Actor("u-" + added.Login)
	}
	if added.Language == "" {
		added.Language = "zh-CN"
	}
	added.Active = true
	return hashPassword(password)
}

// Users lists everyone who can log in.
func (d *Desk) Users(ctx context.Context, u casework.User) ([]casework.User, error) {
	if err := u.Permit(casework.ManageUsers); err != nil {
		return nil, err
	}
	users, err := d.Records.Users(ctx)
	if err != nil {
		return nil, err
	}
	within, err := d.within(ctx, u)
	if err != nil || within == nil {
		return users, err
	}
	below, err := d.Records.OrgsBelow(ctx, within)
	return slices.DeleteFunc(users, func(other casework.User) bool { return !slices.Contains(below, other.OrgID) }), err
}

// managed refuses to manage an account outside the administrator's part of
// the institution.
func (d *Desk) managed(ctx context.Context, u casework.User, id casework.Actor) error {
	if err := u.Permit(casework.ManageUsers); err != nil {
		return err
	}
	other, err := d.Records.User(ctx, id)
	if err != nil {
		return err
	}
	return d.seesOrg(ctx, u, other.OrgID, "user")
}

// Names gives the names of users by id, for pages that show who did what.
func (d *Desk) Names(ctx context.Context) (map[casework.Actor]string, error) {
	users, err := d.Records.Users(ctx)
	names := make(map[casework.Actor]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, err
}

// SetActive enables or disables an account. Nobody disables their own.
func (d *Desk) SetActive(ctx context.Context, u casework.User, id casework.Actor, active bool) error {
	if err := d.managed(ctx, u, id); err != nil {
		return err
	}
	if id == u.ID {
		return casework.Errorf(casework.Conflict, "you cannot disable your own account").InChinese("不能停用自己的账号").WithCode("own_account")
	}
	if err := d.audit(ctx, u, "user.active", "user/"+string(id), map[string]any{"active": active}); err != nil {
		return err
	}
	return d.Records.SetActive(ctx, id, active)
}

// ResetPassword sets somebody else's password.
func (d *Desk) ResetPassword(ctx context.Context, u casework.User, id casework.Actor, password string) error {
	if err := d.managed(ctx, u, id); err != nil {
		return err
	}
	hash, err := hashPassword(password)
	if err != nil {
		return err
	}
	if err := d.audit(ctx, u, "user.reset", "user/"+string(id), nil); err != nil {
		return err
	}
	return d.Records.SetPassword(ctx, id, hash)
}

// SetLanguage sets the language a user sees the console in.
func (d *Desk) SetLanguage(ctx context.Context, u casework.User, language string) error {
	if language != "zh-CN" && language != "en" {
		return casework.Errorf(casework.Invalid, "the console speaks zh-CN and en").InChinese("控制台支持中文和英文").WithCode("field:language")
	}
	return d.Records.SetLanguage(ctx, u.ID, language)
}

// Orgs are the units the user may see: their own and all below.
func (d *Desk) Orgs(ctx context.Context, u casework.User) ([]casework.Org, error) {
	within, err := d.within(ctx, u)
	if err != nil {
		return nil, err
	}
	orgs, err := d.Records.Orgs(ctx)
	if err != nil || within == nil {
		return orgs, err
	}
	below, err := d.Records.OrgsBelow(ctx, within)
	return slices.DeleteFunc(orgs, func(o casework.Org) bool { return !slices.Contains(below, o.ID) }), err
}

// AddOrg adds a unit, or changes the name, kind or parent of one.
func (d *Desk) AddOrg(ctx context.Context, u casework.User, o casework.Org) error {
	if err := u.Permit(casework.ManageUsers); err != nil {
		return err
	}
	o.Name = strings.TrimSpace(o.Name)
	switch {
	case !orgIDs.MatchString(o.ID):
		return casework.Errorf(casework.Invalid, "a unit's id has 1 to 40 letters, digits, dots or hyphens").
			InChinese("机构编号为 1 到 40 个字母、数字、点或连字符").WithCode("field:id")
	case o.Name == "" || utf8.RuneCountInString(o.Name) > 80:
		return casework.Errorf(casework.Invalid, "a unit needs a name of at most 80 characters").
			InChinese("请填写机构名称，最多 80 字").WithCode("field:name")
	case !slices.Contains(casework.OrgKinds(), o.Kind):
		return casework.Errorf(casework.Invalid, "there is no kind of unit %q", o.Kind).
			InChinese("请选择机构类型").WithCode("field:kind")
	}
	if err := d.managedOrg(ctx, u, o); err != nil {
		return err
	}
	if err := d.audit(ctx, u, "org.add", "org/"+o.ID, map[string]any{"parent": o.ParentID, "kind": o.Kind}); err != nil {
		return err
	}
	_, err := d.Records.AddOrgs(ctx, []casework.Org{o})
	return err
}

// managedOrg refuses to put a unit outside the administrator's part of the
// institution, or to take one from there. Below the head office nobody moves
// their own unit, for that would move what they may see.
func (d *Desk) managedOrg(ctx context.Context, u casework.User, o casework.Org) error {
	within, err := d.within(ctx, u)
	if err != nil || within == nil {
		return err
	}
	if o.ID == u.OrgID {
		return casework.Errorf(casework.Denied, "your own unit is changed by the head office").
			InChinese("本机构的信息由总部维护").WithCode("own_unit")
	}
	if err := d.seesOrg(ctx, u, o.ParentID, "unit above"); err != nil {
		return err
	}
	_, err = d.Records.Org(ctx, o.ID)
	if casework.KindOf(err) == casework.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return d.seesOrg(ctx, u, o.ID, "unit")
}
