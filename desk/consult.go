package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
	"xiaobao/privacy"
	"xiaobao/workflows"
)

// Consult asks for one purpose about one document and gives the id under
// which the answer will be. The same request asks once.
func (d *Desk) Consult(ctx context.Context, u casework.User, request string, p casework.Purpose, doc casework.Document) (id string, err error) {
	if err := u.Permit(casework.Consult); err != nil {
		return "", err
	}
	if err := checkDocument(p, &doc); err != nil {
		return "", err
	}
	if request, err = stepID(u, "consult", string(p), request); err != nil {
		return "", err
	}
	c := casework.Consultation{
		ID: "k-" + request[:20], Purpose: p, OrgID: u.OrgID, By: u.ID, At: d.now().Truncate(time.Microsecond), Status: casework.ConsultationAsked,
	}
	if err := d.audit(ctx, u, "consultation.ask", "consultation/"+c.ID, map[string]any{
		"purpose": p, "characters": utf8.RuneCountInString(doc.Text),
	}); err != nil {
		return "", err
	}
	if err := d.Records.AddConsultation(ctx, c, doc); err != nil {
		return "", err
	}
	kept, err := d.Records.ConsultationDocument(ctx, c.ID)
	if err != nil {
		return "", err
	}
	if kept.Text != doc.Text || kept.Context != doc.Context || kept.Channel != doc.Channel || kept.Product != doc.Product || !slices.Equal(kept.Names, doc.Names) {
		return "", casework.Errorf(casework.Conflict, "this request id asked about another document before; use a new one").
			InChinese("该请求编号此前用于另一份材料，请重新提交").WithCode("request_reused")
	}
	return c.ID, d.beginConsultation(ctx, c)
}

// checkDocument refuses what cannot be read, and tidies the names and the ends
// of lines, which forms send in two characters.
func checkDocument(p casework.Purpose, doc *casework.Document) error {
	doc.Text, doc.Context = strings.ReplaceAll(doc.Text, "\r\n", "\n"), strings.ReplaceAll(doc.Context, "\r\n", "\n")
	doc.Names = slices.DeleteFunc(slices.Clone(doc.Names), func(name string) bool { return strings.TrimSpace(name) == "" })
	switch {
	case !slices.Contains(casework.Purposes(), p):
		return casework.Errorf(casework.Invalid, "there is no purpose %q", string(p)).InChinese("没有“%s”这一研判用途", string(p)).WithCode("field:purpose")
	case strings.TrimSpace(doc.Text) == "" && p != casework.ToLookBack:
		return casework.Errorf(casework.Invalid, "the document has no text").InChinese("请填写或上传材料文字").WithCode("field:text")
	case utf8.RuneCountInString(doc.Text)+utf8.RuneCountInString(doc.Context) > casework.MaxTextRunes:
		return casework.Errorf(casework.Invalid, "the document is longer than 200,000 characters").InChinese("材料超过 20 万字，请分成几份").WithCode("field:text")
	case !utf8.ValidString(doc.Text+doc.Context) || strings.ContainsRune(doc.Text+doc.Context, 0):
		return casework.Errorf(casework.Invalid, "the document is not valid text").InChinese("材料不是有效的文本").WithCode("field:text")
	case !plainWords(append(slices.Clone(doc.Names), doc.Product)...):
		return casework.Errorf(casework.Invalid, "names and products have at most %d characters, and no control characters", mostWord).
			InChinese("姓名和产品每项最多 %d 字，且不能含控制字符", mostWord).WithCode("field:names")
	case p == casework.ToLookBack && !areFigures(doc.Context):
		return casework.Errorf(casework.Invalid, `the period's figures are not a JSON list such as [{"name":"complaints","value":412,"before":374,"unit":"件"}]`).
			InChinese(`期间指标格式有误，应为 JSON 列表，例如 [{"name":"投诉量","value":412,"before":374,"unit":"件"}]`).WithCode("field:context")
	case len(doc.Names) > 100:
		return casework.Errorf(casework.Invalid, "a document has at most 100 names").InChinese("姓名最多 100 个").WithCode("field:names")
	case doc.Channel != "" && !doc.Channel.Known():
		return casework.Errorf(casework.Invalid, "there is no channel %q", string(doc.Channel)).InChinese("没有名为“%s”的渠道", string(doc.Channel)).WithCode("field:channel")
	}
	return nil
}

// mostWord bounds a name or a product of a document.
const mostWord = 100

// plainWords reports whether all are short texts that can be stored.
func plainWords(words ...string) bool {
	for _, word := range words {
		if !utf8.ValidString(word) || utf8.RuneCountInString(word) > mostWord || strings.ContainsFunc(word, unicode.IsControl) {
			return false
		}
	}
	return true
}

// areFigures tells whether a context lists a period's figures.
func areFigures(context string) bool {
	var list []struct {
		Name  string   `json:"name"`
		Value *float64 `json:"value"`
	}
	if err := json.Unmarshal([]byte(context), &list); err != nil || len(list) == 0 {
		return false
	}
	for _, f := range list {
		if f.Name == "" || f.Value == nil {
			return false
		}
	}
	return true
}

// beginConsultation starts the procedure of a consultation on record.
func (d *Desk) beginConsultation(ctx context.Context, c casework.Consultation) error {
	_, err := d.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:        workflows.ConsultationWorkflowID(c.ID),
		TaskQueue: workflows.TaskQueue,
		// A consultation happens once: its id never serves again.
		WorkflowIDReusePolicy:                    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		StaticSummary:                            "consult: " + string(c.Purpose),
		Priority:                                 temporal.Priority{PriorityKey: 2}, // somebody waits for it
	}, workflows.ConsultName, workflows.ConsultationOrder{ID: c.ID, Purpose: c.Purpose})
	if temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return nil // the same request came twice
	}
	return workflows.FromTemporal(err)
}

// StartConsultations starts the consultations that are on record but whose
// procedure never started. Workers call it now and then.
func (d *Desk) StartConsultations(ctx context.Context) error {
	waiting, err := d.Records.LeftConsultations(ctx, d.now().Add(-30*time.Second))
	if err != nil {
		return err
	}
	var failed []error
	for _, c := range waiting {
		failed = append(failed, d.beginConsultation(ctx, c)) // one that fails must not hold the others up
	}
	return errors.Join(failed...)
}

// Consultation is one consultation with its document. Personal data is
// masked: in the answer by tokens, in the document by as many characters, so
// that evidence can be shown in it.
func (d *Desk) Consultation(ctx context.Context, u casework.User, id string) (casework.Consultation, casework.Document, error) {
	c, doc, err := d.consultation(ctx, u, id)
	if err != nil {
		return casework.Consultation{}, casework.Document{}, err
	}
	if doc.Text, err = d.mask(doc.Text, doc.Names...); err != nil {
		return casework.Consultation{}, casework.Document{}, err
	}
	if doc.Context, err = d.mask(doc.Context, doc.Names...); err != nil {
		return casework.Consultation{}, casework.Document{}, err
	}
	for n, name := range doc.Names {
		doc.Names[n] = privacy.Mask(name, name)
	}
	return c, doc, nil
}

func (d *Desk) mask(text string, known ...string) (string, error) {
	if d.Mask == nil {
		return privacy.Mask(text, known...), nil
	}
	return d.Mask(text, known...)
}

// RevealConsultation is the same with personal data. Each look is audited.
func (d *Desk) RevealConsultation(ctx context.Context, u casework.User, id string) (casework.Consultation, casework.Document, error) {
	fail := func(err error) (casework.Consultation, casework.Document, error) {
		return casework.Consultation{}, casework.Document{}, err
	}
	if err := u.Permit(casework.RevealPersonal); err != nil {
		return fail(err)
	}
	c, doc, err := d.consultation(ctx, u, id)
	if err != nil {
		return fail(err)
	}
	if err := d.audit(ctx, u, "consultation.reveal", "consultation/"+id, nil); err != nil {
		return fail(err)
	}
	if len(c.Answer) == 0 {
		return c, doc, nil
	}
	about := workflows.ConsultationWorkflowID(id)
	sealed, err := d.Records.PrivacyMap(ctx, about)
	if err != nil {
		return fail(err)
	}
	masked, err := privacy.Open(d.Settings.Key, about, sealed)
	if err != nil {
		return fail(casework.Errorf(casework.Internal, "what the tokens stand for cannot be opened; is XIAOBAO_PRIVACY_KEY the key it was sealed with?").
			InChinese("无法还原脱敏内容，请系统管理员检查脱敏密钥").Because(err))
	}
	c.Answer, err = casework.MapWords(c.Answer, masked.Unmask)
	return c, doc, err
}

// consultation is one in the user's part of the institution.
func (d *Desk) consultation(ctx context.Context, u casework.User, id string) (casework.Consultation, casework.Document, error) {
	if err := u.Permit(casework.Consult); err != nil {
		return casework.Consultation{}, casework.Document{}, err
	}
	c, err := d.Records.Consultation(ctx, id)
	if err != nil {
		return c, casework.Document{}, err
	}
	if err := d.seesOrg(ctx, u, c.OrgID, "consultation "+id); err != nil {
		return casework.Consultation{}, casework.Document{}, err
	}
	doc, err := d.Records.ConsultationDocument(ctx, id)
	return c, doc, err
}

// Consultations lists those in the user's part of the institution, the latest
// first.
func (d *Desk) Consultations(ctx context.Context, u casework.User, p casework.PageRequest) (casework.Listing[casework.Consultation], error) {
	if err := u.Permit(casework.Consult); err != nil {
		return casework.Listing[casework.Consultation]{}, err
	}
	within, err := d.within(ctx, u)
	if err != nil {
		return casework.Listing[casework.Consultation]{}, err
	}
	return d.Records.Consultations(ctx, within, p)
}
