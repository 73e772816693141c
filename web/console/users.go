package console

import (
	"errors"

	"xiaobao/casework"
)

type usersPage struct {
	Base
	list
	Form  fields
	Items []casework.User
	Roles []casework.Role
	Units []unit
	Reset casework.Actor // whose password was refused
}

// users lists the accounts, with a form for a new one.
func (c *Console) users(v *visit) (reply, error) {
	page := usersPage{list: v.list("/users"), Roles: casework.Roles(), Units: v.units()}
	var err error
	if page.Items, err = c.Desk.Users(v.Context(), v.User); err != nil {
		return reply{}, err
	}
	page.filled(len(page.Items), len(page.Items), "")
	page.Export = "/users/export"
	page.Form = v.fields(nil)
	if v.memo.problem != nil {
		page.Reset = casework.Actor(v.PathValue("id"))
	}
	page.Base = v.base("users.title")
	return show("users", page)
}

func (c *Console) exportUsers(v *visit) (reply, error) {
	columns := []column[casework.User]{
		{"column.id", func(u casework.User) any { return string(u.ID) }},
		{"column.login", func(u casework.User) any { return u.Login }},
		{"column.name", func(u casework.User) any { return u.Name }},
		{"column.role", func(u casework.User) any { return nameIn(v.Lang, u.Role) }},
		{"column.org", func(u casework.User) any { return v.org(u.OrgID) }},
		{"column.active", func(u casework.User) any { return wordIn(c.words, v.Lang, "active", textOf(u.Active)) }},
	}
	return export(v, "users", columns, whole(c.Desk.Users(v.Context(), v.User)))
}

// minPassword is the fewest characters a password may have.
const minPassword = 10

func checkPassword(field, password string) error {
	if len([]rune(password)) < minPassword {
		return badField(field, "use at least 10 characters", "密码至少 10 个字符")
	}
	return nil
}

// addUser opens an account.
func (c *Console) addUser(v *visit) (reply, error) {
	added := casework.User{Login: v.text("login"), Name: v.text("name"), Role: casework.Role(v.text("role")), OrgID: v.text("org")}
	password := v.PostFormValue("password")
	var problems []error
	if added.Login == "" {
		problems = append(problems, badField("login", "give a login name", "请填写登录名"))
	}
	if added.Name == "" {
		problems = append(problems, badField("name", "give the person's name", "请填写姓名"))
	}
	if !added.Role.Known() {
		problems = append(problems, badField("role", "choose a role", "请选择角色"))
	}
	if added.OrgID == "" {
		problems = append(problems, badField("org", "choose a unit", "请选择所属机构"))
	}
	problems = append(problems, checkPassword("password", password))
	if err := errors.Join(problems...); err != nil {
		return v.refused(err, c.users)
	}
	user, err := c.Desk.AddUser(v.Context(), v.User, added, password)
	if err != nil {
		return v.refused(err, c.users)
	}
	v.say("users.added", user.Name)
	return goTo("/users")
}

// setUserActive disables an account or enables it again.
func (c *Console) setUserActive(v *visit) (reply, error) {
	active := v.text("active") == "yes"
	if err := c.Desk.SetActive(v.Context(), v.User, casework.Actor(v.PathValue("id")), active); err != nil {
		return v.refused(err, c.users)
	}
	if active {
		v.say("users.enabled")
	} else {
		v.say("users.disabled")
	}
	return goTo("/users")
}

// resetPassword sets a new password for someone who lost theirs.
func (c *Console) resetPassword(v *visit) (reply, error) {
	password := v.PostFormValue("new_password")
	if err := checkPassword("new_password", password); err != nil {
		return v.refused(err, c.users)
	}
	if err := c.Desk.ResetPassword(v.Context(), v.User, casework.Actor(v.PathValue("id")), password); err != nil {
		return v.refused(err, c.users)
	}
	v.say("users.reset")
	return goTo("/users")
}
