package console

import (
	"net/url"
	"slices"

	"xiaobao/casework"
	"xiaobao/desk"
)

type questionsPage struct {
	Base
	list
	Items []casework.Question
}

type questionPage struct {
	Base
	Question casework.Question
	Form     fields
	Answers  []casework.ItemOutcome
	Late     bool
}

// answers are what a question can be answered with.
var answers = []casework.ItemOutcome{casework.ItemPassed, casework.ItemFailed, casework.ItemNotApplicable}

func (v *visit) questionFilter() casework.QuestionFilter {
	query := v.URL.Query()
	f := casework.QuestionFilter{Inspection: query.Get("inspection"), Waiting: query.Get("state") != "all"}
	if query.Get("whose") == "mine" {
		f.Respondent = v.User.ID
	}
	return f
}

// questions lists what inspections ask of people; those still open unless
// all are asked for.
func (c *Console) questions(v *visit) (reply, error) {
	page := questionsPage{list: v.list("/questions")}
	rows, err := c.Desk.Questions(v.Context(), v.User, v.questionFilter(), page.page())
	if err != nil {
		return reply{}, err
	}
	page.Items = rows.Rows
	page.filled(len(rows.Rows), rows.Total, rows.Next)
	if err := page.finish(v); err != nil {
		return reply{}, err
	}
	page.Base = v.base("questions.title")
	return show("questions", page)
}

func (c *Console) exportQuestions(v *visit) (reply, error) {
	columns := []column[casework.Question]{
		{"column.id", func(q casework.Question) any { return q.ID }},
		{"column.inspection", func(q casework.Question) any { return q.Inspection }},
		{"column.item", func(q casework.Question) any { return q.Item }},
		{"column.title", func(q casework.Question) any { return q.Title }},
		{"column.question", func(q casework.Question) any { return q.Text }},
		{"column.respondent", func(q casework.Question) any { return v.person(q.Respondent) }},
		{"column.due", func(q casework.Question) any { return q.Due }},
		{"column.answer", func(q casework.Question) any { return nameIn(v.Lang, q.Answer) }},
		{"column.note", func(q casework.Question) any { return q.Note }},
	}
	return export(v, "questions", columns, func(p casework.PageRequest) (casework.Listing[casework.Question], error) {
		return c.Desk.Questions(v.Context(), v.User, v.questionFilter(), p)
	})
}

// question shows one question with the form that answers it.
func (c *Console) question(v *visit) (reply, error) {
	q, err := c.Desk.Question(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return show("question", questionPage{
		Base: v.base(q.Title), Question: q, Form: v.fields(nil), Answers: answers,
		Late: q.Answer == casework.ItemWaiting && c.Now().After(q.Due),
	})
}

// answerQuestion files the answer.
func (c *Console) answerQuestion(v *visit) (reply, error) {
	request := desk.AnswerRequest{
		Question: v.PathValue("id"), Outcome: casework.ItemOutcome(v.text("outcome")), Note: v.text("note"), RequestID: v.text("request_id"),
	}
	switch {
	case !slices.Contains(answers, request.Outcome):
		return v.refused(badField("outcome", "choose an answer", "请选择一个答复"), c.question)
	case request.Outcome != casework.ItemPassed && request.Note == "":
		return v.refused(badField("note", "say why it fails or does not apply", "不符合或不适用时请填写说明"), c.question)
	}
	if err := c.Desk.Answer(v.Context(), v.User, request); err != nil {
		return v.refused(err, c.question)
	}
	v.say("question.answered")
	return goTo("/questions?" + url.Values{"whose": {"mine"}}.Encode())
}
