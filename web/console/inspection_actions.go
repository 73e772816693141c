package console

import "net/url"

// submitReport hands the inspection to a second person.
func (c *Console) submitReport(v *visit) (reply, error) {
	id := v.PathValue("id")
	if err := c.Desk.SubmitReport(v.Context(), v.User, id, v.text("request_id")); err != nil {
		return v.refused(err, c.inspection)
	}
	v.say("inspection.submitted")
	return goTo("/inspections/" + url.PathEscape(id))
}

// confirmReport accepts the report or returns it with a reason.
func (c *Console) confirmReport(v *visit) (reply, error) {
	id, accept, note := v.PathValue("id"), v.text("accept") == "yes", v.text("note")
	if !accept && note == "" {
		return v.refused(badField("note", "say what to mend", "退回时请写明需要补正的内容"), c.inspection)
	}
	if err := c.Desk.ConfirmReport(v.Context(), v.User, id, v.text("request_id"), accept, note); err != nil {
		return v.refused(err, c.inspection)
	}
	if accept {
		v.say("inspection.confirmed")
	} else {
		v.say("inspection.returned")
	}
	return goTo("/inspections/" + url.PathEscape(id))
}

// cancelInspection ends the inspection without a report.
func (c *Console) cancelInspection(v *visit) (reply, error) {
	id, note := v.PathValue("id"), v.text("why")
	if note == "" {
		return v.refused(badField("why", "say why", "请写明取消的原因"), c.inspection)
	}
	if err := c.Desk.CancelInspection(v.Context(), v.User, id, v.text("request_id"), note); err != nil {
		return v.refused(err, c.inspection)
	}
	v.say("inspection.cancelled")
	return goTo("/inspections/" + url.PathEscape(id))
}
