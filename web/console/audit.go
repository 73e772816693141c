package console

import (
	"xiaobao/casework"
)

type auditPage struct {
	Base
	list
	Items   []auditView
	Actions []string
	Proof   *auditProof
}

// An auditProof is what verifying the chain came to.
type auditProof struct {
	Entries int
	Broken  int64 // the first link that does not hold; 0 if all do
}

// audit lists who did what.
func (c *Console) audit(v *visit) (reply, error) { return c.auditWith(v, nil) }

func (c *Console) auditWith(v *visit, proof *auditProof) (reply, error) {
	page := auditPage{list: v.list("/audit"), Actions: auditActions, Proof: proof}
	filter, err := page.auditFilter()
	if err == nil {
		rows, err := c.Desk.Audit(v.Context(), v.User, filter, page.page())
		if err != nil {
			return reply{}, err
		}
		page.Items = each(rows.Rows, v.auditView)
		page.filled(len(rows.Rows), rows.Total, rows.Next)
	}
	v.memo.problem = err
	page.Export = "/audit/export"
	page.Base = v.base("audit.title")
	return show("audit", page)
}

// auditFilter reads the filter. Its fields are user ids, codes and case
// numbers, so that they may stand in an address.
func (l list) auditFilter() (casework.AuditFilter, error) {
	f := casework.AuditFilter{By: casework.Actor(l.Get("by")), Action: l.Get("action"), Object: l.Get("object")}
	var err error
	f.From, f.To, err = period(l.Get("from"), l.Get("to"))
	return f, err
}

func (c *Console) exportAudit(v *visit) (reply, error) {
	filter, err := v.list("/audit").auditFilter()
	if err != nil {
		return reply{}, err
	}
	type entry = casework.AuditEntry
	columns := []column[entry]{
		{"column.seq", func(e entry) any { return e.Seq }},
		{"column.at", func(e entry) any { return e.At }},
		{"column.by", func(e entry) any { return v.person(e.By) }},
		{"column.action", func(e entry) any { return wordIn(c.words, v.Lang, "audit_action", e.Action) }},
		{"column.code", func(e entry) any { return e.Action }},
		{"column.object", func(e entry) any { return e.Object }},
		{"column.detail", func(e entry) any { return inWords(v.auditDetail(e.Detail), v.t("list.comma")) }},
		{"column.raw", func(e entry) any { return e.Detail }}, // what the hash covers
		{"column.origin", func(e entry) any { return wordIn(c.words, v.Lang, "origin", e.From) }},
		{"column.hash", func(e entry) any { return e.Hash }},
		{"column.prev", func(e entry) any { return e.Prev }},
	}
	return export(v, "audit", columns, func(p casework.PageRequest) (casework.Listing[entry], error) {
		return c.Desk.Audit(v.Context(), v.User, filter, p)
	})
}

// verifyAudit goes through the whole chain and shows what came of it.
func (c *Console) verifyAudit(v *visit) (reply, error) {
	entries, broken, err := c.Desk.VerifyAudit(v.Context(), v.User)
	if err != nil {
		return reply{}, err
	}
	return c.auditWith(v, &auditProof{Entries: entries, Broken: broken})
}
