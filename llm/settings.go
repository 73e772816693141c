package llm

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"xiaobao/casework"
)

// ReadEndpoints reads the settings XIAOBAO_LLM_… of the first endpoint and
// XIAOBAO_LLM2_… of the second. Where none is set there is none, and that is
// no error; settings that are half there or wrong are one.
func ReadEndpoints(get func(string) string) ([]Endpoint, error) {
	var out []Endpoint
	for _, e := range []struct{ id, prefix string }{{Primary, "XIAOBAO_LLM_"}, {Second, "XIAOBAO_LLM2_"}} {
		s := settings{prefix: e.prefix, get: get}
		if s.none() {
			continue
		}
		endpoint, err := s.endpoint(e.id)
		if err != nil {
			return nil, err
		}
		out = append(out, endpoint)
	}
	if len(out) == 1 && out[0].ID == Second {
		return nil, casework.Errorf(casework.Invalid, "XIAOBAO_LLM2_… is set without XIAOBAO_LLM_…: a second model needs a first one").
			InChinese("只设置了第二个模型（XIAOBAO_LLM2_…），没有设置第一个（XIAOBAO_LLM_…）").WithCode("setting:XIAOBAO_LLM_BASE_URL")
	}
	return out, nil
}

// settingNames are the settings of an endpoint, without their prefix.
var settingNames = []string{"BASE_URL", "API_KEY", "MODEL", "DIALECT", "TIMEOUT", "RATE", "AT_ONCE", "MAX_TOKENS", "DAILY_TOKENS", "DAILY_COST", "PRICE"}

// settings reads one endpoint's. The first thing wrong is kept.
type settings struct {
	prefix string
	get    func(string) string
	err    error
}

func (s *settings) value(name string) string { return strings.TrimSpace(s.get(s.prefix + name)) }

func (s *settings) none() bool {
	for _, name := range settingNames {
		if s.value(name) != "" {
			return false
		}
	}
	return true
}

// wrong keeps the first thing that is wrong. It never repeats a value, which
// may be a key in the wrong place.
func (s *settings) wrong(name, english, chinese string) {
	if s.err == nil {
		s.err = casework.Errorf(casework.Invalid, "%s %s", s.prefix+name, english).
			InChinese("%s %s", s.prefix+name, chinese).WithCode("setting:" + s.prefix + name)
	}
}

func (s *settings) endpoint(id string) (Endpoint, error) {
	e := Endpoint{
		ID: id, BaseURL: strings.TrimRight(s.value("BASE_URL"), "/"), Key: s.value("API_KEY"), Model: s.value("MODEL"),
		Dialect: Dialect(s.value("DIALECT")), Timeout: s.duration("TIMEOUT"),
		MostTokens: int(s.number("MAX_TOKENS", 1_000_000)), PerSecond: s.number("RATE", 10_000), AtOnce: int(s.number("AT_ONCE", 10_000)),
		Budget: casework.ModelBudget{Tokens: int64(s.number("DAILY_TOKENS", 1e15)), Cost: s.number("DAILY_COST", 1e12)},
	}
	if price := s.value("PRICE"); price != "" {
		p, err := readPrice(price)
		if err != nil {
			s.wrong("PRICE", err.Error(), "应为 输入,缓存命中,输出,币种，如 0.15,0.003,0.60,USD")
		}
		e.Price = p
	}
	if e.BaseURL == "" {
		s.wrong("BASE_URL", "is missing, and other settings of this model are there; set it like https://api.example.com/v1", "缺失，应如 https://api.example.com/v1")
	}
	if e.Model == "" {
		s.wrong("MODEL", "is missing; set it to the name of the model at that address", "缺失，应为该地址上的模型名称")
	}
	if e.Dialect == "" {
		e.Dialect = OpenAI
	}
	if s.err != nil {
		return Endpoint{}, s.err
	}
	if err := e.check(); err != nil {
		s.wrong(err.setting, err.english, err.chinese)
		return Endpoint{}, s.err
	}
	e.Warning = e.warning()
	return e.filled(), nil
}

// duration reads 90s, 2m or a number of seconds.
func (s *settings) duration(name string) time.Duration {
	text := s.value(name)
	if text == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(text); err == nil {
		text = strconv.Itoa(seconds) + "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > time.Hour {
		s.wrong(name, "is no duration between 1s and 1h; write it like 90s", "不是 1s 到 1h 之间的时长，应如 90s")
		return 0
	}
	return d
}

// number reads a number above 0.
func (s *settings) number(name string, most float64) float64 {
	text := s.value(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0) || n > most || name != "RATE" && name != "DAILY_COST" && n < 1 {
		s.wrong(name, fmt.Sprintf("is no number above 0 and up to %.0f", most), fmt.Sprintf("不是大于 0、不超过 %.0f 的数", most))
		return 0
	}
	return n
}

// unusable is what is wrong with an endpoint.
type unusable struct{ setting, english, chinese string }

// check says what an endpoint cannot be used for.
func (e Endpoint) check() *unusable {
	u, err := url.Parse(e.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return &unusable{"BASE_URL", "is no address; write it like https://api.example.com/v1", "不是网址，应如 https://api.example.com/v1"}
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return &unusable{"BASE_URL", "holds more than an address; a key belongs in API_KEY", "含有网址以外的内容，密钥应放在 API_KEY"}
	case strings.HasSuffix(u.Path, "/chat/completions"):
		return &unusable{"BASE_URL", "ends in /chat/completions, which is added by itself; leave that off", "末尾不要写 /chat/completions，程序会自动补上"}
	case !e.Dialect.Known():
		return &unusable{"DIALECT", fmt.Sprintf("is none of %v", Dialects()), fmt.Sprintf("应为 %v 之一", Dialects())}
	case strings.ContainsAny(e.Key, "\r\n\t "):
		return &unusable{"API_KEY", "contains a blank or a line break", "含有空格或换行"}
	}
	return nil
}

// warning says what is doubtful about an endpoint.
func (e Endpoint) warning() string {
	u, err := url.Parse(e.BaseURL)
	if err != nil || u.Scheme != "http" || local(u.Hostname()) {
		return ""
	}
	return "http without encryption to another machine: texts and the key can be read on the way; use https"
}

// local reports whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
