package console

import (
	"errors"
	"slices"

	"xiaobao/casework"
)

type organisationsPage struct {
	Base
	list
	Form  fields
	Tree  []unit
	Units []unit
	Kinds []string
}

// organisations shows how the institution is organised.
func (c *Console) organisations(v *visit) (reply, error) {
	orgs, err := c.Desk.Orgs(v.Context(), v.User)
	if err != nil {
		return reply{}, err
	}
	page := organisationsPage{list: v.list("/organisations"), Tree: tree(orgs), Kinds: casework.OrgKinds(), Form: v.fields(nil)}
	page.Units = flat(page.Tree)
	page.filled(len(orgs), len(orgs), "")
	page.Export = "/organisations/export"
	page.Base = v.base("organisations.title")
	return show("organisations", page)
}

func (c *Console) exportOrganisations(v *visit) (reply, error) {
	columns := []column[casework.Org]{
		{"column.id", func(o casework.Org) any { return o.ID }},
		{"column.name", func(o casework.Org) any { return o.Name }},
		{"column.kind", func(o casework.Org) any { return wordIn(c.words, v.Lang, "org_kind", o.Kind) }},
		{"column.parent", func(o casework.Org) any { return o.ParentID }},
	}
	return export(v, "organisations", columns, whole(c.Desk.Orgs(v.Context(), v.User)))
}

// addOrganisation adds a unit.
func (c *Console) addOrganisation(v *visit) (reply, error) {
	org := casework.Org{ID: v.text("id"), Name: v.text("name"), Kind: v.text("kind"), ParentID: v.text("parent")}
	var problems []error
	if org.ID == "" {
		problems = append(problems, badField("id", "give the unit's code", "请填写机构编号"))
	}
	if org.Name == "" {
		problems = append(problems, badField("name", "give the unit's name", "请填写机构名称"))
	}
	if !slices.Contains(casework.OrgKinds(), org.Kind) {
		problems = append(problems, badField("kind", "choose the kind of unit", "请选择机构类别"))
	}
	if err := errors.Join(problems...); err != nil {
		return v.refused(err, c.organisations)
	}
	if err := c.Desk.AddOrg(v.Context(), v.User, org); err != nil {
		return v.refused(err, c.organisations)
	}
	v.say("organisations.added", org.Name)
	return goTo("/organisations")
}
