package desk

import (
	"context"
	"slices"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// SetRespondent names who answers an inspection's questions for a kind of
// work ("marketing", "it") in a unit and all below it; nobody if the login is
// empty.
func (d *Desk) SetRespondent(ctx context.Context, u casework.User, org, kind, login string) error {
	if err := u.Permit(casework.ManageUsers); err != nil {
		return err
	}
	if err := d.seesOrg(ctx, u, org, "unit "+org); err != nil {
		return err
	}
	if !slices.Contains(rulebook.Respondents(), kind) {
		return casework.Errorf(casework.Invalid, "there is no kind of work %q", kind).
			InChinese("没有这一类答复职责：%s", kind).WithCode("field:kind")
	}
	var who casework.Actor
	if login != "" {
		named, _, err := d.Records.UserByLogin(ctx, login)
		if err != nil {
			return err
		}
		if err := named.Permit(casework.AnswerQuestions); err != nil {
			return casework.Errorf(casework.Invalid, "%s may not answer questions; name somebody whose role may", login).
				InChinese("该用户的角色不能答复问题，请另选").WithCode("field:login").Because(err)
		}
		who = named.ID
	}
	if err := d.audit(ctx, u, "respondent.set", "org/"+org, map[string]any{"kind": kind, "user": who}); err != nil {
		return err
	}
	return d.Records.SetRespondent(ctx, org, kind, who)
}

// Respondents gives who answers in a unit, by kind of work; kinds that nobody
// answers for are left out, and their questions go to who ordered.
func (d *Desk) Respondents(ctx context.Context, u casework.User, org string) (map[string]casework.Actor, error) {
	if err := u.Permit(casework.ViewOrganisations); err != nil {
		return nil, err
	}
	if err := d.seesOrg(ctx, u, org, "unit "+org); err != nil {
		return nil, err
	}
	answers := map[string]casework.Actor{}
	for _, kind := range rulebook.Respondents() {
		who, err := d.Records.Respondent(ctx, org, kind)
		if err != nil {
			return nil, err
		}
		if who != "" {
			answers[kind] = who
		}
	}
	return answers, nil
}
