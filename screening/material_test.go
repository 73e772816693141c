package screening_test

import (
	"slices"
	"testing"

	"xiaobao/casework"
	"xiaobao/screening"
)

const trialMarketing = `
marketing:
  - id: M90
    title: {zh: 甲类, en: A}
    action: BLOCK
    advice: {zh: 删去, en: Remove}
    basis: [{ref: R02, article: "23(四)", confidence: T}]
    phrases:
      - {id: M90-01, patterns: [{words: [稳得金利甲]}], suggestion: {zh: 删去, en: Remove}, fires: [{text: 稳得金利甲}], not: [{text: 不稳得金利甲}]}
      - {id: M90-02, action: FIX, patterns: [{words: [首季贴息甲]}], companions: [trial_rate, trial_name], suggestion: {zh: 补, en: Add}, fires: [{text: 首季贴息甲}], not: [{text: 无}]}
      - {id: M90-03, action: REVIEW, products: [trial_card], patterns: [{words: [礼品甲]}], suggestion: {zh: 查, en: Check}, fires: [{text: 礼品甲}], not: [{text: 无}]}
disclosures:
  - product: any
    title: {zh: 通用, en: Any}
    elements:
      - {id: trial_name, title: {zh: 名称, en: Name}, basis: [{ref: R02, confidence: T}], patterns: [{words: [星桥甲公司]}], sample: {zh: 星桥甲公司, en: Name}}
  - product: trial_loan
    title: {zh: 贷, en: Loan}
    elements:
      - {id: trial_rate, title: {zh: 年化, en: Rate}, basis: [{ref: R02, confidence: T}], patterns: [{words: [年化甲]}], sample: {zh: 年化甲, en: Rate}}
      - {id: trial_optout, title: {zh: 退订, en: Opt-out}, basis: [{ref: R02, confidence: T}], patterns: [{words: [拒收甲]}], channels: [sms_push], sample: {zh: 拒收甲, en: Stop}}
      - {id: trial_guarantor, title: {zh: 担保人, en: Guarantor}, basis: [{ref: R02, confidence: T}], patterns: [{words: [担保人甲]}], if: [{words: [担保费甲]}], sample: {zh: 担保人甲, en: Guarantor}}
  - product: trial_card
    title: {zh: 卡, en: Card}
    elements:
      - {id: trial_fee, title: {zh: 费, en: Fee}, basis: [{ref: R02, confidence: T}], patterns: [{words: [年费甲]}], sample: {zh: 年费甲, en: Fee}}
black_grey:
  - id: bg_trial
    title: {zh: 线索甲, en: Clue}
    weight: low
    means: {zh: 甲, en: A}
    basis: [{ref: R02, confidence: T}]
    patterns: [{words: [退息话术甲]}]
    when: num("cluster_size") >= 5
    limits: {zh: 不得拒绝受理, en: Never a reason to refuse}
    channels: [complaint]
    fires: [{text: 退息话术甲}]
    not: [{text: 无}]
`

func TestReviewJudgesWordingAndListsWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := trialEngine(t, trialMarketing).NewScreener()
	for _, each := range []struct {
		name             string
		material         screening.Material
		level            string
		phrases, missing []string
	}{
		{"the gravest action is the level", screening.Material{Product: "trial_loan", Text: "首季贴息甲，稳得金利甲"}, screening.Block, []string{"M90-01", "M90-02"}, []string{"trial_name", "trial_rate"}},
		{"a denial is no wording", screening.Material{Product: "trial_loan", Text: "我们不承诺稳得金利甲"}, screening.None, nil, []string{"trial_name", "trial_rate"}},
		{"one companion is not all", screening.Material{Product: "trial_loan", Text: "首季贴息甲，年化甲"}, screening.Fix, []string{"M90-02"}, []string{"trial_name"}},
		{"all companions excuse", screening.Material{Product: "trial_loan", Text: "首季贴息甲，年化甲。星桥甲公司"}, screening.None, nil, nil},
		{"a channel wants more", screening.Material{Product: "trial_loan", Channel: casework.SMSPush, Text: "年化甲，星桥甲公司"}, screening.None, nil, []string{"trial_optout"}},
		{"a fee calls for its taker", screening.Material{Product: "trial_loan", Text: "年化甲，星桥甲公司，担保费甲"}, screening.None, nil, []string{"trial_guarantor"}},
		{"a warning still discloses", screening.Material{Product: "trial_loan", Text: "谨防假冒，认准星桥甲公司，不得隐瞒年化甲"}, screening.None, nil, nil},
		{"another product's phrase", screening.Material{Product: "trial_loan", Text: "礼品甲，年化甲，星桥甲公司"}, screening.None, nil, nil},
		{"its own product's phrase", screening.Material{Product: "trial_card", Text: "礼品甲，年费甲，星桥甲公司"}, screening.Reviewed, []string{"M90-03"}, nil},
		{"a product not said", screening.Material{Text: "礼品甲，星桥甲公司"}, screening.Reviewed, []string{"M90-03"}, nil},
		{"what an unknown product lacks is only noted", screening.Material{Product: "mystery", Text: "您好"}, screening.None, nil, []string{"trial_name"}},
		{"what is missing leaves the level alone", screening.Material{Product: "trial_card", Text: "礼品甲"}, screening.Reviewed, []string{"M90-03"}, []string{"trial_name", "trial_fee"}},
		{"a prefix is part of a material", screening.Material{Text: "客服：星桥甲公司"}, screening.None, nil, nil},
	} {
		review := s.Review(each.material)
		var phrases, missing []string
		for _, f := range review.Findings {
			phrases = append(phrases, f.PhraseID)
			if len(f.Basis) != 1 || f.Basis[0] != "R02 23(四)" || len(f.Evidence) == 0 {
				t.Errorf("%s: %+v lacks its ground", each.name, f)
			}
		}
		for _, d := range review.Missing {
			if len(d.Element) > 6 && d.Element[:6] == "trial_" {
				missing = append(missing, d.Element)
			}
		}
		if review.Level != each.level || !slices.Equal(phrases, each.phrases) || !slices.Equal(missing, each.missing) {
			t.Errorf("%s: %s %v missing %v, want %s %v missing %v", each.name,
				review.Level, phrases, missing, each.level, each.phrases, each.missing)
		}
	}
}

func TestCluesShowByWordsOrCondition(t *testing.T) {
	t.Parallel()
	s := trialEngine(t, trialMarketing).NewScreener()
	for _, each := range []struct {
		channel casework.Channel
		text    string
		cluster float64
		want    bool
	}{
		{casework.ComplaintChannel, "按退息话术甲写的", 0, true}, {casework.ComplaintChannel, "请退息", 6, true},
		{casework.ComplaintChannel, "请退息", 1, false}, {casework.ServiceChat, "退息话术甲", 6, false},
	} {
		clues := s.Clues(&casework.Touchpoint{
			ID: "t", Channel: each.channel, Text: each.text, Attributes: map[string]any{"cluster_size": each.cluster},
		})
		got := slices.ContainsFunc(clues, func(c screening.Clue) bool { return c.ID == "bg_trial" })
		if got != each.want {
			t.Errorf("%+v: shows = %t", each, got)
		}
	}
}

func TestExamplesThatFailAreReported(t *testing.T) {
	t.Parallel()
	engine := trialEngine(t, "indicators:\n"+trialIndicator("t_trial", "patterns: [{words: [示例]}]")+
		trialIndicator("t_deaf", "patterns: [{words: [甲乙丙丁]}]"))
	var entries []string
	for _, f := range screening.RunExamples(engine) {
		if f.File == "trial.yaml" || f.Entry[:2] == "t_" {
			entries = append(entries, f.Entry)
		}
	}
	if want := []string{"t_deaf", "t_deaf", "t_deaf"}; !slices.Equal(entries, want) {
		t.Errorf("failures of %v, want %v", entries, want)
	}
}
