package console

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"xiaobao/casework"
)

type consultPage struct {
	Base
	list
	Form     fields
	Purposes []casework.Purpose
	Channels []casework.Channel
	Items    []casework.Consultation
}

type consultationPage struct {
	Base
	Consultation casework.Consultation
	Document     casework.Document
	Lines        []line
	Written      []part // of a document that nobody speaks in
	Said         []statement
	Revealed     bool
	Waiting      bool
	Trial        *trialView // of a touchpoint
}

// consult is where an officer has one text read for one purpose, stage by
// stage, and sees why.
func (c *Console) consult(v *visit) (reply, error) {
	page := consultPage{
		list: v.list("/consult"), Purposes: casework.Purposes(), Channels: casework.Channels(),
		Form: v.fields(url.Values{"purpose": {string(casework.ToJudge)}, "channel": {string(casework.TelemarketingCall)}}),
	}
	rows, err := c.Desk.Consultations(v.Context(), v.User, page.page())
	if err != nil {
		return reply{}, err
	}
	page.Items = rows.Rows
	page.filled(len(rows.Rows), rows.Total, rows.Next)
	page.Base = v.base("consult.title")
	return show("consult", page)
}

// askConsultation starts one.
func (c *Console) askConsultation(v *visit) (reply, error) {
	purpose := casework.Purpose(v.text("purpose"))
	if !slices.Contains(casework.Purposes(), purpose) {
		return v.refused(badField("purpose", "choose what it is for", "请选择用途"), c.consult)
	}
	if v.text("text") == "" && purpose != casework.ToLookBack {
		return v.refused(badField("text", "paste a text first", "请先粘贴一段文字"), c.consult)
	}
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n") // forms send carriage returns too
	document := casework.Document{
		Text: lines.Replace(v.PostFormValue("text")), Context: lines.Replace(v.PostFormValue("context")), Product: v.text("product"),
	}
	if purpose == casework.ToLookBack {
		var err error
		if document.Context, err = figures(document.Context); err != nil {
			return v.refused(err, c.consult)
		}
	}
	if purpose == casework.ToJudge || purpose == casework.ToReview {
		document.Channel = casework.Channel(v.text("channel"))
	}
	id, err := c.Desk.Consult(v.Context(), v.User, v.text("request_id"), purpose, document)
	if err != nil {
		return v.refused(err, c.consult)
	}
	return goTo(consultationPath(id))
}

// consultation shows what came of one.
func (c *Console) consultation(v *visit) (reply, error) {
	found, document, err := c.Desk.Consultation(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return c.showConsultation(v, found, document, false)
}

// revealConsultation shows it with personal data, which is written down.
func (c *Console) revealConsultation(v *visit) (reply, error) {
	found, document, err := c.Desk.RevealConsultation(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return c.showConsultation(v, found, document, true)
}

// consultationProgress sends the browser to the whole page once there is an
// answer.
func (c *Console) consultationProgress(v *visit) (reply, error) {
	found, _, err := c.Desk.Consultation(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	if found.Status != casework.ConsultationAsked {
		return goTo(consultationPath(found.ID))
	}
	return fragment("consultation", "waiting", nil)
}

func (c *Console) showConsultation(v *visit, found casework.Consultation, document casework.Document, revealed bool) (reply, error) {
	page := consultationPage{
		Consultation: found, Document: document, Revealed: revealed, Waiting: found.Status == casework.ConsultationAsked,
	}
	if len(found.Answer) > 0 {
		var err error
		if page.Said, err = c.statements(v, found.Purpose, found.Answer); err != nil {
			return reply{}, err
		}
	}
	text := []rune(document.Text)
	var marks []mark
	for _, s := range page.Said {
		for n := range s.Evidence {
			e := &s.Evidence[n]
			if e.Quote = ""; e.Start >= 0 && e.Start < e.End && e.End <= len(text) {
				e.Quote = string(text[e.Start:e.End]) // as the reader may see it: masked or not
			}
			marks = append(marks, mark{e.Start, e.End, s.level, s.Head})
		}
	}
	if found.Purpose == casework.ToJudge && !page.Waiting {
		trial, err := c.Desk.Trial(v.Context(), v.User, found.ID)
		if err != nil {
			return reply{}, err
		}
		page.Trial = c.trial(v, trial)
	}
	if slices.Contains(spoken, found.Purpose) {
		channel := document.Channel
		if channel == "" {
			channel = casework.ComplaintChannel
		}
		page.Lines = conversation(&casework.Touchpoint{Channel: channel, Text: document.Text}, marks)
	} else if document.Text != "" {
		page.Written = split(document.Text, 0, marks)
	}
	page.Base = v.base(v.t("consultation.title", wordIn(c.words, v.Lang, "purpose", string(found.Purpose))))
	return show("consultation", page)
}

// spoken are the purposes whose documents are what people said; the others
// read papers.
var spoken = []casework.Purpose{casework.ToJudge, casework.ToReview, casework.ToClassify, casework.ToHearAnswer, casework.ToSummarise}

// A statement is one thing an answer says, whatever its purpose.
type statement struct {
	Head, Text, Link string
	Badge            string // words
	Tone             string // of the badge: green, yellow, red, blue
	Notes            []string
	Certainty        float64 // 0: not stated
	Evidence         []casework.Evidence

	level casework.Level // of the marks in the text
}

// statements reads an answer by its purpose.
func (c *Console) statements(v *visit, purpose casework.Purpose, data json.RawMessage) ([]statement, error) {
	read, ok := answerReaders[purpose]
	if !ok {
		return nil, casework.Errorf(casework.Internal, "there is no page for answers of purpose %s", purpose)
	}
	return read(c, v, data)
}

// A trialView is a trial with the names of what was seen.
type trialView struct {
	Rules    []signalView
	Guesses  []guessView
	Local    string
	Sent     []string // by lines
	Injected bool
}

// A guessView is a suspicion of the local model.
type guessView struct {
	casework.Guess
	Name string
}

func (c *Console) trial(v *visit, t casework.Trial) *trialView {
	view := &trialView{Local: t.Local, Injected: t.Injected, Sent: strings.Split(t.Sent, "\n")}
	for _, s := range t.Rules {
		view.Rules = append(view.Rules, c.signal(s, v.Lang))
	}
	for _, g := range t.Guesses {
		view.Guesses = append(view.Guesses, guessView{g, c.indicator(g.Indicator, g.Indicator, v.Lang)})
	}
	return view
}
