package console

import (
	"xiaobao/casework"
)

type touchpointsPage struct {
	Base
	list
	Items    []casework.Touchpoint
	Units    []unit
	Products []choice
	Channels []casework.Channel
}

var touchpointFilters = []string{"channel", "from", "to", "org", "product", "agent", "import", "customer", "search"}

// touchpoints lists the contacts with consumers.
func (c *Console) touchpoints(v *visit) (reply, error) {
	page := touchpointsPage{list: v.list("/touchpoints"), Units: v.units(), Channels: casework.Channels()}
	page.Name = "touchpoints"
	filter, err := page.touchpointFilter()
	if err == nil {
		var rows casework.Listing[casework.Touchpoint]
		if rows, err = c.Desk.Touchpoints(v.Context(), v.User, filter, page.page()); err != nil {
			return reply{}, err
		}
		page.Items = rows.Rows
		page.filled(len(rows.Rows), rows.Total, rows.Next)
	}
	v.memo.problem = err
	if page.Products, err = v.products(); err != nil {
		return reply{}, err
	}
	if err := page.finish(v); err != nil {
		return reply{}, err
	}
	page.Base = v.base("touchpoints.title")
	return show("touchpoints", page)
}

// touchpointFilter reads the filter of the list.
func (l list) touchpointFilter() (casework.TouchpointFilter, error) {
	f := casework.TouchpointFilter{
		Customer: l.Get("customer"), Search: l.Get("search"), Import: l.Get("import"),
		Scope: casework.Scope{Orgs: l.Query["org"], Products: l.Query["product"], Agents: words(l.Get("agent"))},
	}
	for _, name := range l.Query["channel"] {
		f.Channels = append(f.Channels, casework.Channel(name))
	}
	var err error
	f.From, f.To, err = period(l.Get("from"), l.Get("to"))
	return f, err
}

// finish adds what every list has: saved views, and the export if the user may.
func (l *list) finish(v *visit) (err error) {
	if v.User.May(casework.ExportData) {
		l.Export = l.Path + "/export"
	}
	if l.Name != "" {
		l.Views, err = v.console.Desk.Views(v.Context(), v.User, l.Name)
	}
	return err
}

// filterTouchpoints turns the filter form into an address.
func (c *Console) filterTouchpoints(v *visit) (reply, error) {
	return v.filter("/touchpoints", touchpointFilters...)
}

func (c *Console) exportTouchpoints(v *visit) (reply, error) {
	if err := v.User.Permit(casework.ViewTouchpoints); err != nil {
		return reply{}, err
	}
	filter, err := v.list("/touchpoints").touchpointFilter()
	if err != nil {
		return reply{}, err
	}
	columns := []column[casework.Touchpoint]{
		{"column.id", func(t casework.Touchpoint) any { return t.ID }},
		{"column.channel", func(t casework.Touchpoint) any { return nameIn(v.Lang, t.Channel) }},
		{"column.occurred_at", func(t casework.Touchpoint) any { return t.OccurredAt }},
		{"column.org", func(t casework.Touchpoint) any { return v.org(t.OrgID) }},
		{"column.agent", func(t casework.Touchpoint) any { return t.AgentID }},
		{"column.customer", func(t casework.Touchpoint) any { return t.CustomerID }},
		{"column.product", func(t casework.Touchpoint) any { return c.product(t.Product, v.Lang) }},
		{"column.text", func(t casework.Touchpoint) any { return t.Content() }},
	}
	return export(v, "touchpoints", columns, func(p casework.PageRequest) (casework.Listing[casework.Touchpoint], error) {
		return c.Desk.Touchpoints(v.Context(), v.User, filter, p)
	})
}
