package rulebook_test

import (
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// sound is a pack with one entry of every kind that rules are made of, and
// nothing wrong with it.
const sound = heading + `
lexicons:
  - {name: promise, doc: sure things, words: [保证, 肯定]}
indicators:
  - id: tst_promise
    title: {zh: 承诺, en: Promise}
    means: {zh: 承诺批贷, en: promises approval}
    level: orange
    kind: text
    channels: [telemarketing_call]
    speakers: [agent]
    basis: [{ref: R02, article: "23(一)", confidence: T}]
    advice: {zh: 纠正话术, en: correct the script}
    guards: [negation]
    patterns:
      - seq: [[$promise], [批, 过]]
        gap: 4
        scope: clause
        certainty: 0.8
        unless: 以审批为准
      - regex: 百分之?百
        with: 过
      - words: 稳过
        after: {speaker: customer, words: [能过吗], unless: [=不能过吗], whole: true, turns: 2}
        when: hour < 21
        opening: 3
    rises:
      - {when: flag("opted_out"), to: red}
    fires:
      - {text: 保证能批, speaker: agent, channel: telemarketing_call}
      - {text: 肯定能过, at: 2026-03-02T09:00:00+08:00, attributes: {opted_out: true}, level: red}
    not:
      - text: 以审批为准
      - text: 我不能保证
  - id: tst_hours
    title: {zh: 时段, en: Hours}
    means: {zh: 夜间外呼, en: calls at night}
    level: yellow
    kind: system
    channels: [telemarketing_call]
    basis: [{ref: F-10, confidence: P}]
    advice: {zh: 停止, en: stop}
    when: hour >= 21
    fires: [{at: 2026-03-02T21:30:00+08:00}]
    not: [{at: 2026-03-02T10:30:00+08:00}]
disclosures:
  - product: any
    title: {zh: 所有产品, en: All products}
    elements:
      - id: lender_name
        title: {zh: 贷款人, en: Lender}
        sample: {zh: 由某银行提供, en: provided by a bank}
        patterns: [{words: 银行}]
marketing:
  - id: T01
    title: {zh: 保本, en: Guarantee}
    advice: {zh: 删除, en: delete}
    action: BLOCK
    basis: [{ref: R02, confidence: T}]
    phrases:
      - id: T01-01
        patterns: [{words: 保本}]
        suggestion: {zh: 删除, en: delete}
        companions: [lender_name]
        fires: [{text: 保本保息}]
        not: [{text: 不保本}]
black_grey:
  - id: bg_test
    title: {zh: 线索, en: Clue}
    means: {zh: 线索, en: clue}
    limits: {zh: 不得作为拒绝受理的理由, en: no reason to refuse a complaint}
    weight: low
    when: num("cluster_size") >= 5
    fires: [{attributes: {cluster_size: 5}}]
    not: [{attributes: {cluster_size: 1}}]
checklists:
  - id: short
    title: {zh: 简表, en: Short list}
    elements:
      - {id: MK, title: {zh: 营销, en: Marketing}, weight: 25}
    items:
      - id: I-901
        element: MK
        title: {zh: 承诺, en: Promises}
        criterion: {zh: 零发生, en: none}
        question: {zh: 有吗, en: any}
        automation: [RULE]
        frequency: monthly
        respondent: marketing
        weight: 2
        method: rule
        indicators: [tst_promise]
        pass: {max_findings: 0, max_red: 0}
complaint_codes:
  - {facet: appeal, id: t-1, title: {zh: 甲, en: A}, confidence: P}
  - {facet: appeal, id: t-2, parent: t-1, title: {zh: 乙, en: B}, confidence: P}
attributes:
  - {name: of_ours, type: number, doc: {zh: 自定义, en: our own}}
regulations:
  - {id: R90, title: {zh: 内规, en: House rule}, status: in_force, issued: "2026-03", confidence: P}
`

func TestASoundPackOfEveryKindLoads(t *testing.T) {
	t.Parallel()
	b, err := rulebook.Load(overlay(sound))
	if err != nil {
		t.Fatal(err)
	}
	i, ok := b.Indicator("tst_promise")
	if !ok || i.Level != casework.Orange || len(i.Patterns) != 3 || i.Patterns[0].Unless[0] != "以审批为准" || (*i.Guards)[0] != "negation" {
		t.Errorf("indicator %+v", i)
	}
	if i.Patterns[1].Position.Line == 0 || i.Patterns[1].Position.Line <= i.Patterns[0].Position.Line || i.Pack.ID != "ours" {
		t.Errorf("positions %v %v", i.Patterns[0].Position, i.Patterns[1].Position)
	}
	if p, ok := b.Phrase("T01-01"); !ok || p.Companions[0] != "lender_name" {
		t.Errorf("phrase %+v", p)
	}
	if item, ok := b.Item("short", "I-901"); !ok || item.Pass.MaxRed == nil || *item.Pass.MaxRed != 0 {
		t.Errorf("item %+v", item)
	}
	if _, ok := b.Item("long", "I-901"); ok {
		t.Error("an item of a checklist that does not exist")
	}
	if d, ok := b.Disclosure("any"); !ok || len(d.Elements) != 1 {
		t.Errorf("disclosure %+v", d)
	}
	if b.Lexicons["promise"] == nil || len(b.Lexicons["promise"].Words) != 2 {
		t.Errorf("lexicons %v", b.Lexicons)
	}
}

func TestEachKindOfMistakeIsFoundWhereItStands(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{"$promise", "$promises", `unknown lexicon $promises; did you mean "promise"?`},
		{"[保证, 肯定]", "[$other]", "cannot take in another"},
		{"words: 稳过", "words: [=$promise]", "= marks a literal as exact, not a lexicon"},
		{"words: 稳过", "words: ['=']", "is empty or has space around it"},
		{"when: hour < 21", "when: hours > 3", `unknown name "hours"; did you mean "hour"?`},
		{"words: [能过吗], unless: [=不能过吗], whole: true, turns: 2", "words: [能过吗], turns: 2, unless: [$promises]", "unknown lexicon $promises"},
		{"[telemarketing_call]\n    speakers", "[tele_call]\n    speakers", `unknown channel "tele_call"`},
		{"[telemarketing_call]\n    speakers", "[]\n    speakers", "has no channels"},
		{"[telemarketing_call]\n    speakers", "[sms_push, sms_push]\n    speakers", `channel "sms_push" stands twice`},
		{"speakers: [agent]", "speakers: [seller]", `unknown speaker "seller"`},
		{"{ref: R02, article", "{ref: R99, article", `basis "R99" is neither`},
		{`"23(一)", confidence: T`, `"23(一)", confidence: X`, `unknown confidence of basis R02 23(一) "X"`},
		{"{ref: F-10, confidence: P}", "{ref: F-99, confidence: P}", `basis "F-99" is neither`},
		{"guards: [negation]", "guards: [negations]", `unknown guard "negations"; did you mean "negation"?`},
		{"scope: clause", "scope: page", `unknown scope "page"`},
		{"gap: 4", "gap: -4", "gap is a number"},
		{"certainty: 0.8", "certainty: 8", "not between 0 and 1"},
		{"regex: 百分之?百", "regex: 百分(之", "regex does not compile"},
		{"\n        with: 过", "", "regex needs with"},
		{"words: 稳过", "words: 稳过\n        regex: a", "exactly one of words, seq, all and regex, and has 2"},
		{"words: 稳过\n", "\n", "exactly one of words, seq, all and regex, and has 0"},
		{"[[$promise], [批, 过]]", "[[$promise]]", "seq has a single group"},
		{"[[$promise], [批, 过]]", "[[$promise], []]", "seq has an empty group"},
		{"speaker: customer, words: [能过吗], unless: [=不能过吗], whole: true", "speaker: cat, words: []", "after has no words"},
		{"opening: 3", "opening: -1", "opening is negative"},
		{"level: orange", "level: none", "level is missing"},
		{"level: orange", "level: pink", `there is no level "pink"`},
		{"kind: text", "kind: texts", `unknown kind "texts"`},
		{"kind: system", "kind: text", "is of kind text and has no patterns"},
		{"when: hour >= 21", "guards: []", "is of kind system and has no when"},
		{"when: hour >= 21", "when: hours >= 21", `unknown name "hours"; did you mean "hour"?`},
		{`when: flag("opted_out")`, `when: flag("opted_outt")`, `attribute "opted_outt" is not declared; did you mean "opted_out"?`},
		{"to: red}", "to: yellow}", "a rise goes to yellow, which is not above orange"},
		{"{zh: 承诺批贷, en: promises approval}", "{zh: 承诺批贷}", "means has no en"},
		{"\n      - {text: 保证能批, speaker: agent, channel: telemarketing_call}", "", "has 1 examples under fires; give at least 2"},
		{"\n      - text: 我不能保证", "", "has 1 examples under not; give at least 2"},
		{"at: 2026-03-02T09:00:00+08:00, attributes", "at: soon, attributes", `at "soon" is no time`},
		{"attributes: {opted_out: true}", "attributes: {opted_out: perhaps}", `attribute "opted_out" is no bool`},
		{"attributes: {opted_out: true}", "attributes: {opt_out: true}", `attribute "opt_out" is not declared`},
		{"level: red}", "level: crimson}", `there is no level "crimson"`},
		{"- text: 以审批为准", "- speaker: agent", "neither text nor attributes"},
		{"action: BLOCK", "action: STOP", `unknown action "STOP"`},
		{"id: T01-01", "id: T02-01", "begins with that of its category, T01-"},
		{"companions: [lender_name]", "companions: [lender]", `companion "lender" is no disclosure element; did you mean "lender_name"?`},
		{"patterns: [{words: 银行}]", "patterns: []", "has no patterns to be found by"},
		{"weight: low", "weight: heavy", `unknown weight "heavy"`},
		{"limits: {zh: 不得作为拒绝受理的理由, en: no reason to refuse a complaint}\n    ", "", "limits has no zh"},
		{"indicators: [tst_promise]", "indicators: [tst_promis]", `unknown indicator "tst_promis"; did you mean "tst_promise"?`},
		{"method: rule\n        indicators: [tst_promise]", "method: query\n        query: complaints", `unknown query "complaints"`},
		{"method: rule", "method: ask", "indicators go with method rule"},
		{"element: MK", "element: ZZ", `unknown element "ZZ"`},
		{"weight: 25", "weight: 125", "at most 100 percent"},
		{"weight: 2\n", "weight: 0\n", "weight is 0"},
		{"frequency: monthly", "frequency: daily", `unknown frequency "daily"`},
		{"respondent: marketing", "respondent: nobody", `unknown respondent "nobody"`},
		{"question: {zh: 有吗, en: any}", "question: {zh: 有吗}", "question has no en"},
		{"max_red: 0", "max_red: -1", "negative bound"},
		{"parent: t-1", "parent: t-9", `there is no parent "t-9"`},
		{"parent: t-1", "parent: C01", "is of facet C, not appeal"},
		{"parent: t-1", "parent: t-2", "is its own ancestor"},
		{"type: number", "type: float", `unknown type "float"`},
		{"name: of_ours", "name: OfOurs", "not lower-case letters"},
		{`issued: "2026-03"`, `issued: "March"`, `issued "March" is no date`},
		{"status: in_force", "status: alive", `unknown status "alive"`},
		{"id: bg_test", "id: tst_promise", `the id "tst_promise" is taken by the entry at dir/ours.yaml:8`},
	} {
		if strings.Count(sound, c.from) == 0 {
			t.Errorf("%q is not in the pack", c.from)
			continue
		}
		got := strings.Join(problems(t, overlay(strings.Replace(sound, c.from, c.to, 1))), "\n")
		if !strings.Contains(got, c.want) || !strings.Contains(got, "dir/ours.yaml:") {
			t.Errorf("%q for %q:\ngot  %q\nwant %q", c.to, c.from, got, c.want)
		}
	}
}

func TestAnyEntryCanBeLookedUpAndPrinted(t *testing.T) {
	t.Parallel()
	b, err := rulebook.Load(overlay(sound))
	if err != nil {
		t.Fatal(err)
	}
	for id, kind := range map[string]string{
		"tst_promise": "indicators", "T01": "marketing", "T01-01": "phrases", "any": "disclosures", "bg_test": "clues",
		"short": "checklists", "I-901": "items", "R03": "regulations", "C-01": "deadlines", "C01": "codes",
		"promise": "lexicons", "$promise": "lexicons", "opted_out": "attributes", "2026": "holidays",
	} {
		entry, ok := b.Lookup(id)
		if !ok || entry.Kind != kind {
			t.Errorf("%s: %s %v, want %s", id, entry.Kind, ok, kind)
			continue
		}
		text, err := entry.YAML()
		if err != nil || len(text) == 0 || strings.Contains(string(text), "null") {
			t.Errorf("%s prints as %s, %v", id, text, err)
		}
		if _, err := entry.MarshalJSON(); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if entry, ok := b.Lookup("tst_promize"); ok {
		t.Errorf("found %+v", entry)
	}
	if near := b.Nearest("tst_promize"); len(near) == 0 || near[0] != "tst_promise" {
		t.Errorf("near %v", near)
	}
	item, _ := b.Lookup("I-901")
	if text, _ := item.YAML(); !strings.Contains(string(text), "max_red: 0") {
		t.Errorf("a bound of 0 that was given is not shown:\n%s", text)
	}
}
