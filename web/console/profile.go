package console

import "errors"

type profilePage struct {
	Base
	Form fields
}

// profile is what users may change about themselves.
func (c *Console) profile(v *visit) (reply, error) {
	return show("profile", profilePage{Base: v.base("profile.title"), Form: v.fields(nil)})
}

// changePassword changes the user's own password. All their other sessions
// end; this one goes on.
func (c *Console) changePassword(v *visit) (reply, error) {
	old, fresh, again := v.PostFormValue("old_password"), v.PostFormValue("new_password"), v.PostFormValue("again_password")
	var problems []error
	if old == "" {
		problems = append(problems, badField("old_password", "give your present password", "请填写当前密码"))
	}
	problems = append(problems, checkPassword("new_password", fresh))
	if fresh != again {
		problems = append(problems, badField("again_password", "the two new passwords differ", "两次填写的新密码不一致"))
	}
	if err := errors.Join(problems...); err != nil {
		return v.refused(err, c.profile)
	}
	if err := c.Desk.ChangePassword(v.Context(), v.User, old, fresh); err != nil {
		return v.refused(err, c.profile)
	}
	if err := c.Sessions.RenewToken(v.Context()); err != nil {
		return reply{}, err
	}
	user, err := c.Desk.User(v.Context(), v.User.ID, via)
	if err != nil {
		return reply{}, err
	}
	v.begin(user)
	v.say("profile.password_changed")
	return goTo("/profile")
}
