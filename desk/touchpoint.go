package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// Touchpoints lists touchpoints in the user's part of the institution, with
// the beginning of each text, masked.
func (d *Desk) Touchpoints(ctx context.Context, u casework.User, f casework.TouchpointFilter, p casework.PageRequest) (casework.Listing[casework.Touchpoint], error) {
	none := casework.Listing[casework.Touchpoint]{}
	if err := u.Permit(casework.ViewTouchpoints); err != nil {
		return none, err
	}
	within, err := d.within(ctx, u)
	if err != nil {
		return none, err
	}
	f.Within = within
	page, err := d.Records.Touchpoints(ctx, f, p)
	if err != nil {
		return none, err
	}
	names, err := customerNames(ctx, d.Records, page.Rows, func(t casework.Touchpoint) string { return t.CustomerID })
	if err != nil {
		return none, err
	}
	for i := range page.Rows {
		maskTouchpoint(&page.Rows[i], names[page.Rows[i].CustomerID])
	}
	return page, nil
}

// Touchpoint is one touchpoint, with personal data masked. Masking keeps every
// offset, so evidence can be shown in it.
func (d *Desk) Touchpoint(ctx context.Context, u casework.User, id string) (casework.Touchpoint, error) {
	t, err := d.touchpoint(ctx, u, id)
	if err != nil {
		return t, err
	}
	names, err := customerNames(ctx, d.Records, []casework.Touchpoint{t}, func(t casework.Touchpoint) string { return t.CustomerID })
	if err != nil {
		return casework.Touchpoint{}, err
	}
	maskTouchpoint(&t, names[t.CustomerID])
	return t, nil
}

// RevealTouchpoint is one touchpoint as it came. Each look is audited.
func (d *Desk) RevealTouchpoint(ctx context.Context, u casework.User, id string) (casework.Touchpoint, error) {
	if err := u.Permit(casework.RevealPersonal); err != nil {
		return casework.Touchpoint{}, err
	}
	t, err := d.touchpoint(ctx, u, id)
	if err != nil {
		return t, err
	}
	if err := d.audit(ctx, u, "touchpoint.reveal", "touchpoint/"+id, nil); err != nil {
		return casework.Touchpoint{}, err
	}
	return t, nil
}

func (d *Desk) touchpoint(ctx context.Context, u casework.User, id string) (casework.Touchpoint, error) {
	if err := u.Permit(casework.ViewTouchpoints); err != nil {
		return casework.Touchpoint{}, err
	}
	t, err := d.Records.Touchpoint(ctx, id)
	if err != nil {
		return casework.Touchpoint{}, err
	}
	if err := d.seesOrg(ctx, u, t.OrgID, "touchpoint "+id); err != nil {
		return casework.Touchpoint{}, err
	}
	return t, nil
}

// Products are the product codes on record, sorted.
func (d *Desk) Products(ctx context.Context, u casework.User) ([]string, error) {
	if err := u.Permit(casework.ViewTouchpoints); err != nil {
		return nil, err
	}
	return d.Records.Products(ctx)
}

// customerNames are the names of the customers that rows are about.
func customerNames[T any](ctx context.Context, r Records, rows []T, customer func(T) string) (map[string]string, error) {
	var ids []string
	for _, row := range rows {
		if id := customer(row); id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return r.CustomerNames(ctx, slices.Compact(ids))
}

// maskFindings masks what findings quote and what officers noted on them.
func (d *Desk) maskFindings(ctx context.Context, findings []casework.Finding) error {
	names, err := customerNames(ctx, d.Records, findings, func(f casework.Finding) string { return f.CustomerID })
	if err != nil {
		return err
	}
	texts, err := d.quoted(ctx, findings, names)
	if err != nil {
		return err
	}
	for n := range findings {
		f := &findings[n]
		name := names[f.CustomerID]
		for i, e := range f.Evidence {
			f.Evidence[i].Quote = privacy.Mask(e.Quote, name)
			if t := texts[f.Touchpoint]; e.Start >= 0 && e.Start < e.End && e.End <= len(t.said) && string(t.said[e.Start:e.End]) == e.Quote {
				f.Evidence[i].Quote = string(t.masked[e.Start:e.End])
			}
		}
		f.Note = privacy.Mask(f.Note, name)
	}
	return nil
}

// A quotedText is a text that findings quote, as it is and masked. A quote
// alone does not tell what the words around it do.
type quotedText struct{ said, masked []rune }

// quoted are the texts that findings quote, by touchpoint.
func (d *Desk) quoted(ctx context.Context, findings []casework.Finding, names map[string]string) (map[string]quotedText, error) {
	var ids []string
	for _, f := range findings {
		if f.Touchpoint != "" && len(f.Evidence) > 0 {
			ids = append(ids, f.Touchpoint)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	touchpoints, err := d.Records.TouchpointsOf(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	texts := make(map[string]quotedText, len(touchpoints))
	for id, t := range touchpoints {
		said := t.Content()
		texts[id] = quotedText{[]rune(said), []rune(privacy.Mask(said, names[t.CustomerID]))}
	}
	return texts, nil
}

// maskWords masks what was said. Turns are masked as one text: a name that one
// of them tells is hidden in all, and so is a number told over several.
func maskWords(t *casework.Touchpoint, mask func(string) (string, error)) (err error) {
	if t.Text, err = mask(t.Text); err != nil {
		return err
	}
	said := make([]string, len(t.Turns))
	for i, turn := range t.Turns {
		said[i] = turn.Text
	}
	whole, err := mask(strings.Join(said, "\n"))
	if err != nil {
		return err
	}
	masked := []rune(whole)
	for i := range t.Turns {
		length := utf8.RuneCountInString(said[i])
		t.Turns[i].Text = string(masked[:length])
		masked = masked[min(len(masked), length+1):]
	}
	return nil
}

func maskTouchpoint(t *casework.Touchpoint, name string) {
	_ = maskWords(t, func(text string) (string, error) { return privacy.Mask(text, name), nil }) // rules cannot fail
	for key, value := range t.Attributes {
		t.Attributes[key] = maskValue(value, name)
	}
}

// maskValue masks what an attribute holds, however deep. A number may be a
// telephone's.
func maskValue(value any, name string) any {
	switch v := value.(type) {
	case string:
		return privacy.Mask(v, name)
	case float64:
		digits := strconv.FormatFloat(v, 'f', -1, 64)
		if hidden := privacy.Mask(digits); hidden != digits {
			return hidden
		}
	case []any:
		for i := range v {
			v[i] = maskValue(v[i], name)
		}
	case map[string]any:
		for key := range v {
			v[key] = maskValue(v[key], name)
		}
	}
	return value
}
