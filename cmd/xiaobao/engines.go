package main

import (
	"io"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	"xiaobao/activities"
	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/llm"
	"xiaobao/rulebook"
	"xiaobao/screening"
	"xiaobao/unaided"
	"xiaobao/worker"
)

// cascadeSettings read how far models are asked: the share of touchpoints and
// the patience with a batch.
func cascadeSettings(getenv func(string) string) (share float64, patience time.Duration, err error) {
	share = activities.UsualShare
	if text := getenv("XIAOBAO_LLM_SHARE"); text != "" {
		if share, err = strconv.ParseFloat(text, 64); err != nil || !(share > 0 && share <= 1) { // NaN is neither
			return 0, 0, casework.Errorf(casework.Invalid, "XIAOBAO_LLM_SHARE is %q; give the most of the touchpoints that models are asked about, above 0 and at most 1, such as 0.05", text)
		}
	}
	if text := getenv("XIAOBAO_LLM_PATIENCE"); text != "" {
		if patience, err = time.ParseDuration(text); err != nil || patience < time.Minute || patience > 24*time.Hour {
			return 0, 0, casework.Errorf(casework.Invalid, "XIAOBAO_LLM_PATIENCE is %q; give one minute to 24 hours, such as 20m", text)
		}
	}
	return share, patience, nil
}

// settings are what the desk tells of models.
func (s *system) settings(getenv func(string) string) (desk.ModelSettings, error) {
	endpoints, err := llm.ReadEndpoints(getenv)
	if err != nil {
		return desk.ModelSettings{}, err
	}
	share, _, err := cascadeSettings(getenv)
	if err != nil {
		return desk.ModelSettings{}, err
	}
	key, err := privacyKey(s.home, getenv)
	if err != nil && casework.KindOf(err) != casework.NotFound { // none yet: nothing has been sealed either
		return desk.ModelSettings{}, err
	}
	told := desk.ModelSettings{Share: share, Key: key, Masking: sync.OnceValues(func() (string, error) {
		masker, err := openMasker(io.Discard)
		if err != nil {
			return "", err
		}
		return masker.Version(), nil
	})}
	for _, e := range endpoints {
		told.Endpoints = append(told.Endpoints, standingOf(e))
	}
	return told, nil
}

// standingOf is what may be told of an endpoint: no key, and of its address
// the host only.
func standingOf(e llm.Endpoint) casework.ModelStanding {
	standing := casework.ModelStanding{
		Endpoint: e.ID, Configured: true, Model: e.Model, Dialect: string(e.Dialect), Warning: e.Warning,
		Today: casework.ModelDay{Endpoint: e.ID, Limit: e.Budget},
	}
	if address, err := url.Parse(e.BaseURL); err == nil {
		standing.Host = address.Host
	}
	return standing
}

// models open the endpoints that are configured, for a worker, and give the
// pace of each.
func (s *system) models(getenv func(string) string, engine *screening.Engine) (m *activities.Models, first, second worker.Pace, err error) {
	m = &activities.Models{
		Unaided: unaided.New(s.desk.Book, engine), UnaidedVersion: unaided.Version, Options: optionsOf(s.desk.Book),
	}
	if m.Share, m.Patience, err = cascadeSettings(getenv); err != nil {
		return nil, first, second, err
	}
	if m.Key, err = privacyKey(s.home, getenv); err != nil {
		return nil, first, second, err
	}
	if m.Masker, err = openMasker(os.Stderr); err != nil {
		return nil, first, second, err
	}
	endpoints, err := llm.ReadEndpoints(getenv)
	if err != nil {
		return nil, first, second, err
	}
	for _, e := range endpoints {
		model, err := llm.Open(e, s.store, m.Masker)
		if err != nil {
			return nil, first, second, err
		}
		e = model.Endpoint()
		pace := worker.Pace{PerSecond: e.PerSecond, AtOnce: e.AtOnce}
		if e.ID == llm.Second {
			m.Second, second = model, pace
		} else {
			m.First, first = model, pace
		}
		s.log.Info("language model", "endpoint", e.ID, "model", e.Model, "dialect", e.Dialect, "warning", e.Warning)
	}
	return m, first, second, nil
}

// optionsOf are what a model may choose from for a purpose, by the rulebook.
func optionsOf(book *rulebook.Book) func(casework.Purpose) []llm.Option {
	return func(p casework.Purpose) []llm.Option {
		var options []llm.Option
		switch p {
		case casework.ToReview:
			for _, c := range book.Categories {
				options = append(options, llm.Option{ID: c.ID, Title: c.Title.Zh, Hint: c.Advice.Zh})
			}
		case casework.ToClassify:
			for _, c := range book.Codes {
				if hint := ""; isFacet(c.Facet) {
					if len(c.Wording) > 0 {
						hint = c.Wording[0]
					}
					options = append(options, llm.Option{ID: c.ID, Title: c.Title.Zh, Hint: hint, Group: c.Facet})
				}
			}
		}
		return options
	}
}

// isFacet reports whether complaints are sorted by these codes.
func isFacet(facet string) bool {
	return facet == "A" || facet == "B" || facet == "C" || facet == "flag" || facet == "appeal"
}
