package llm_test

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/llm/fakellm"
)

// A contract is a purpose asked as the program asks it. It gives the purpose's
// answer, and the evidence on which that stands.
type contract struct {
	document casework.Document
	options  []llm.Option
	ask      func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error)
}

// contracts are all purposes beside judging, with something to find in each.
var contracts = map[casework.Purpose]contract{
	casework.ToReview: {
		document: casework.Document{Text: "放进来的钱到期原封不动还给您。\n三分钟开户。", Channel: casework.SMSPush, Product: "wealth"},
		options:  []llm.Option{{ID: "M01", Title: "保本保收益"}, {ID: "M11", Title: "隐瞒利率成本"}},
		ask: func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error) {
			got, answer, err := m.Review(ctx, q)
			var evidence []casework.Evidence
			for _, r := range got.Remarks {
				evidence = append(evidence, r.Evidence...)
			}
			return got, evidence, answer, err
		},
	},
	casework.ToClassify: {
		document: casework.Document{Text: "客户：我在手机银行上办了个人消费贷款，信息披露不清楚，要求退费。", Channel: casework.ComplaintChannel},
		options: []llm.Option{
			{ID: "A1.3.3", Title: "手机银行", Group: "A"}, {ID: "B02.2", Title: "个人消费贷款", Group: "B"}, {ID: "C05", Title: "因信息披露引起的投诉", Group: "C"},
			{ID: "flag-regulator", Title: "监管类", Group: "flag"}, {ID: "apl-refund", Title: "退费", Group: "appeal"},
		},
		ask: func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error) {
			got, answer, err := m.Classify(ctx, q)
			evidence := append(append(got.Channel.Evidence, got.Business.Evidence...), got.Cause.Evidence...)
			return got, evidence, answer, err
		},
	},
	casework.ToHearAnswer: {
		document: casework.Document{Text: "坐席：介绍人有没有收您的钱？\n客户：收了我八百块资料费，我要投诉。", Context: "费用与告知是否一致"},
		ask: func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error) {
			got, answer, err := m.HearAnswer(ctx, q)
			var evidence []casework.Evidence
			for _, o := range got.Outcomes {
				evidence = append(evidence, o.Evidence...)
			}
			return got, evidence, answer, err
		},
	},
	casework.ToCheckProof: {
		document: casework.Document{Text: "3月5日组织一线员工开展消保培训，实到46人。\n测试拟于月底安排。", Context: "对一线员工开展消保培训"},
		ask: func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error) {
			got, answer, err := m.CheckProof(ctx, q)
			var evidence []casework.Evidence
			for _, p := range got.Points {
				evidence = append(evidence, p.Evidence...)
			}
			return got, evidence, answer, err
		},
	},
	casework.ToReadDuties: {
		document: casework.Document{Text: "第六条 各分行应当在15个工作日内排查外呼号码，并形成报告。\n第七条 外呼人员不得使用个人手机。", Context: "外呼管理细则"},
		ask: func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error) {
			got, answer, err := m.ReadDuties(ctx, q)
			var evidence []casework.Evidence
			for _, d := range got.Duties {
				evidence = append(evidence, d.Evidence...)
			}
			return got, evidence, answer, err
		},
	},
	casework.ToSummarise: {
		document: casework.Document{Text: "客户：2月6日从我卡上划走了412元，要求退回。\n坐席：已经为您关闭了服务。"},
		ask: func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error) {
			got, answer, err := m.Summarise(ctx, q)
			var evidence []casework.Evidence
			for _, s := range got.Statements {
				evidence = append(evidence, s.Evidence...)
			}
			return got, evidence, answer, err
		},
	},
	casework.ToExplainBill: {
		document: casework.Document{Text: "第4期应还本金500.00元\n分期手续费6.25元\n本期合计506.25元", Product: "installment", Context: "为什么多了几块钱"},
		ask: func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error) {
			got, answer, err := m.ExplainBill(ctx, q)
			var evidence []casework.Evidence
			for _, l := range got.Lines {
				evidence = append(evidence, l.Evidence...)
			}
			return got, evidence, answer, err
		},
	},
	casework.ToLookBack: {
		document: casework.Document{Text: "请写给月度例会。", Context: `[{"name":"投诉件数","value":86,"unit":"件"}]`},
		ask: func(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, []casework.Evidence, llm.Answer, error) {
			got, answer, err := m.LookBack(ctx, q)
			return got, nil, answer, err
		},
	},
}

// vendors are the dialects, each with a model that it would take.
var vendors = map[fakellm.Dialect]string{
	fakellm.OpenAI: "gpt-6-sol", fakellm.DeepSeek: "deepseek-flash", fakellm.DashScope: "qwen3-8b", fakellm.VLLM: "qwen3-32b", fakellm.VLLMLegacy: "qwen3-32b",
	fakellm.Ollama: "qwen3:8b", fakellm.LlamaCPP: "qwen3-8b",
}

func asking(name string) func(*llm.Endpoint) {
	return func(e *llm.Endpoint) { e.Model = name }
}

// Every purpose is asked of every vendor in a way that it takes, without
// thinking, and what comes back stands in the text. Every vendor's answer is
// the same, whichever way it was asked for.
func TestEveryPurposeIsAskedInEveryVendorsWay(t *testing.T) {
	t.Parallel()
	for purpose, c := range contracts {
		t.Run(string(purpose), func(t *testing.T) {
			t.Parallel()
			var first any
			for _, d := range fakellm.Dialects() {
				b := against(t, fakellm.Options{Dialect: d}, asking(vendors[d]))
				got, evidence, answer, err := c.ask(t.Context(), b.Model, llm.DocumentQuestion{Document: c.document, Options: c.options})
				if err != nil {
					t.Errorf("%s: %v", d, err)
					continue
				}
				if first == nil {
					first = got
				}
				if !reflect.DeepEqual(got, first) {
					t.Errorf("%s answers %+v, others %+v", d, got, first)
				}
				if len(evidence) == 0 && purpose != casework.ToLookBack {
					t.Errorf("%s: nothing found: %+v", d, got)
				}
				original := []rune(c.document.Text)
				for _, e := range evidence {
					if e.Start < 0 || e.End > len(original) || string(original[e.Start:e.End]) != e.Quote {
						t.Errorf("%s: %+v does not stand in the text", d, e)
					}
				}
				soundJournal(t, b, purpose)
				b.Accepted(t, answer.JSON)
				b.AssertResilient(t)
			}
		})
	}
}

func TestJudgingIsAskedInEveryVendorsWay(t *testing.T) {
	t.Parallel()
	for _, d := range fakellm.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			b := against(t, fakellm.Options{Dialect: d}, asking(vendors[d]))
			q := doubt(conversation())
			verdict, answer, err := b.Judge(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			soundVerdict(t, q, verdict)
			if verdict.Judgements[0].Shown != casework.Yes || answer.Call.TokensIn == 0 || answer.Call.TokensOut == 0 {
				t.Errorf("%+v, call %+v", verdict, answer.Call)
			}
			soundJournal(t, b, casework.ToJudge)
			b.AssertResilient(t)
		})
	}
}

// soundJournal checks how the one question was asked.
func soundJournal(t *testing.T, b *bench, purpose casework.Purpose) {
	t.Helper()
	d := b.Server.Dialect()
	e := b.Last()
	if b.Asked() != 1 || e.Status != 200 || e.Prompt != string(purpose) || e.Stream {
		t.Errorf("%s: asked %d times; the last request: %+v", d, b.Asked(), e)
	}
	if e.Thinks {
		t.Errorf("%s would have thought first", d)
	}
	if e.Request.Temperature == nil || *e.Request.Temperature != 0 {
		t.Errorf("%s was not told to be steady: temperature %v", d, e.Request.Temperature)
	}
	if e.Request.MaxTokens == nil && e.Request.MostTokens == nil {
		t.Errorf("%s may answer without end", d)
	}
}

// The official client sends the very requests of ours and reads the same
// answers from them.
func TestTheOfficialClientAgreesWithOurs(t *testing.T) {
	t.Parallel()
	for _, d := range fakellm.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			b := against(t, fakellm.Options{Dialect: d}, asking(vendors[d]))
			_, answer, err := b.Judge(t.Context(), doubt(conversation()))
			if err != nil {
				t.Fatal(err)
			}
			referee := openai.NewClient(option.WithBaseURL(b.URL), option.WithAPIKey(fakeKey), option.WithMaxRetries(0))
			got, err := referee.Chat.Completions.New(t.Context(), openai.ChatCompletionNewParams{}, option.WithRequestBody("application/json", b.Last().Body))
			if err != nil {
				t.Fatal(err)
			}
			var theirs, ours any
			if json.Unmarshal([]byte(got.Choices[0].Message.Content), &theirs) != nil || json.Unmarshal(answer.JSON, &ours) != nil || !reflect.DeepEqual(theirs, ours) {
				t.Errorf("the referee reads %s, we %s", got.Choices[0].Message.Content, answer.JSON)
			}
			if int(got.Usage.PromptTokens) != answer.Call.TokensIn || int(got.Usage.CompletionTokens) != answer.Call.TokensOut || got.Model != answer.Call.Answered {
				t.Errorf("the referee counts %+v of %s, we %d and %d of %s", got.Usage, got.Model, answer.Call.TokensIn, answer.Call.TokensOut, answer.Call.Answered)
			}
		})
	}
}

// What an endpoint can do is told as it is: the card of each vendor.
func TestTheCardTellsTheVendorsApart(t *testing.T) {
	t.Parallel()
	for _, d := range fakellm.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			b := against(t, fakellm.Options{Dialect: d}, asking(vendors[d]))
			card := b.Doctor(t.Context())
			if !card.Usable() || !card.Quiet.OK || !card.Usage.OK || card.Answered != fakellm.Answerer {
				t.Errorf("%+v", card)
			}
			schema := d != fakellm.DeepSeek && d != fakellm.DashScope // of a model without it
			if card.Schema.OK != schema || !card.Object.OK || card.LogProbs.OK {
				t.Errorf("json_schema %+v, json_object %+v, logprobs %+v", card.Schema, card.Object, card.LogProbs)
			}
			b.AssertResilient(t)
		})
	}
}
