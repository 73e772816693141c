package desk_test

import (
	"testing"

	"xiaobao/casework"
)

func TestWhoAnswersIsNamedByUnitAndKind(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin := o.user("HQ", casework.Admin)
	must(t, o.Records.AddUser(t.Context(), casework.User{
		ID: "u-anna", Login: "anna", Name: "安娜", Role: casework.Business, OrgID: "B1", Active: true, Language: "zh-CN",
	}, "no hash"))
	must(t, o.SetRespondent(t.Context(), admin, "B1", "marketing", "anna"))
	answers, err := o.Respondents(t.Context(), admin, "B1")
	if err != nil || answers["marketing"] != "u-anna" {
		t.Errorf("answers in B1: %v, %v", answers, err)
	}
	for name, c := range map[string]struct{ org, kind, login string }{
		"kind": {"B1", "magic", "anna"}, "login": {"B1", "marketing", "nobody"},
	} {
		if err := o.SetRespondent(t.Context(), admin, c.org, c.kind, c.login); err == nil {
			t.Errorf("an unknown %s is accepted", name)
		}
	}
	if err := o.SetRespondent(t.Context(), o.user("B2", casework.Admin), "B1", "marketing", "anna"); casework.KindOf(err) != casework.NotFound {
		t.Errorf("another branch's administrator gets %v", err)
	}
}
