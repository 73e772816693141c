package desk

import (
	"context"
	"strconv"

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
	for i := range page.Rows {
		maskTouchpoint(&page.Rows[i], "")
	}
	return page, err
}

// Touchpoint is one touchpoint, with personal data masked. Masking keeps every
// offset, so evidence can be shown in it.
func (d *Desk) Touchpoint(ctx context.Context, u casework.User, id string) (casework.Touchpoint, error) {
	t, err := d.touchpoint(ctx, u, id)
	if err != nil {
		return t, err
	}
	name := ""
	if t.CustomerID != "" {
		customer, err := d.Records.Customer(ctx, t.CustomerID)
		if err != nil && casework.KindOf(err) != casework.NotFound {
			return casework.Touchpoint{}, err
		}
		name = customer.Name
	}
	maskTouchpoint(&t, name)
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

func maskFinding(f *casework.Finding) {
	for i := range f.Evidence {
		f.Evidence[i].Quote = privacy.Mask(f.Evidence[i].Quote)
	}
	f.Note = privacy.Mask(f.Note)
}

func maskTouchpoint(t *casework.Touchpoint, name string) {
	t.Text = privacy.Mask(t.Text, name)
	for i := range t.Turns {
		t.Turns[i].Text = privacy.Mask(t.Turns[i].Text, name)
	}
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
