// Package llm asks language models, and believes them only as far as the text
// bears them out.
//
// One small type, Model, stands before every vendor. A question goes through
// the same steps each time: its text is masked; a repeated attempt gets the
// answer that was already paid for; switch, cache and budget are looked at;
// the request is fenced and sent; the reply is read strictly, checked against
// the prompt's schema and grounded in the text; one repair is asked for if it
// does not hold; and every attempt is written down before and after.
//
//	endpoint.go  settings.go  prices.go    where a model is, and what it costs
//	dialect.go   request.go   spotlight.go what is sent
//	transport.go                           how: limits, extras, key, last look
//	ask.go       round.go                  the steps of one question
//	reply.go     parse.go     schema.go    what came back
//	ground.go    fold.go      figures.go   whether it stands in the text
//	injection.go                           text that speaks to the machine
//	ledger.go    memory.go    cache.go     what is kept
//	errors.go                              what went wrong, and what to do
//	doctor.go                              what an endpoint can do
//	consult.go                             a purpose's question, in parts, and what stands of its answer
//	judge.go     review.go    complaint.go the purposes: touchpoints, materials, complaints,
//	callback.go  proof.go     duties.go    callbacks, evidence, regulations,
//	summary.go   bill.go      lookback.go  cases, bills, periods
//
// # What a model sees
//
// The system message holds the prompt's instructions, the house rules for
// answers, the schema where the vendor does not enforce one, and a canary. An
// example is a user and an assistant message. The last user message is:
//
//	已知事实（JSON）：
//	{"…": "what the question gives, if anything"}
//
//	〈数据-kdhbmpca〉
//	[S1 坐席] first utterance, on one line
//	[S2 客户] second utterance
//	〈/数据-kdhbmpca〉
//
//	<what the data is, once more>
//	<the prompt's task>
//
// The letters of the fence are new for every text. What stands between the
// fences is masked, and nothing in it can look like a fence or a number of an
// utterance.
//
// # Troubles
//
// Every error of Ask is a *casework.Error whose code is a
// casework.ModelTrouble. What to do with it:
//
//	trouble           comes from                                  try again?
//	model_away        no answer, 408 409 425 429 5xx, 200 that    yes, after RetryAfter
//	                  is no answer
//	model_quota       402, an empty account                       no: stop and tell someone
//	model_refuses     401 403 404, a request it will not take     no: mend the settings
//	model_too_long    413, longer than the model's context        no: Split, then ask the parts
//	model_filtered    refusal, content filter                     no: a person, with care
//	model_bad_output  not as asked, also after the repair         once more, or the other model
//	model_ungrounded  its findings do not stand in the text       the other model, then a person
//	model_leak        personal data in the request: not sent      no: a fault of the masking
//	model_budget      today's budget is spent                     tomorrow
//	model_off         switched off by a person                    no: go without
//	model_none        no endpoint                                 no: go without
//	model_cancelled   whoever asked went away                     as the caller likes
package llm
