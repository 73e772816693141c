package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"xiaobao/casework"
)

// A usage is how many tokens a call took.
type usage struct{ in, hit, out int }

// A reply is what came back of one request, before anyone looked at what it
// says.
type reply struct {
	content     string
	finish      string
	answered    string
	fingerprint string
	used        usage
	counted     bool // the provider said how many tokens
	thought     bool // it thought aloud
}

// readReply makes a reply of what the client library gives, or tells what
// went wrong. What the library takes for success may be none: errors come
// with status 200 too. A trouble may still come with a reply, for its usage.
func readReply(ctx context.Context, resp openai.ChatCompletionResponse, err error, ex *exchange, now time.Time) (reply, error) {
	r := reply{answered: resp.Model, fingerprint: resp.SystemFingerprint}
	r.used, r.counted, r.thought = readRaw(ex.body)
	if err != nil {
		return r, callTrouble(ctx, err, ex, now)
	}
	if len(resp.Choices) == 0 {
		code, text := inside(ex.body)
		if t := tellTale(0, code, text); t != "" {
			return r, Failure(t, errors.New("an error with status 200"))
		}
		return r, Failure(casework.TroubleAway, withPause("an answer without a choice", ex.header, now))
	}
	choice := resp.Choices[0]
	r.finish = string(choice.FinishReason)
	r.content = choice.Message.Content
	for _, part := range choice.Message.MultiContent {
		r.content += part.Text
	}
	return r, finishTrouble(choice, r.content)
}

// finishTrouble is what the end of an answer tells.
func finishTrouble(choice openai.ChatCompletionChoice, content string) error {
	tools := len(choice.Message.ToolCalls) > 0 || choice.Message.FunctionCall != nil
	switch finish := choice.FinishReason; {
	case finish == openai.FinishReasonContentFilter || finish == "sensitive" || choice.Message.Refusal != "":
		return Failure(casework.TroubleFiltered, errors.New("it finished by refusing"))
	case tools || finish == openai.FinishReasonToolCalls || finish == openai.FinishReasonFunctionCall:
		return badOutput("没有直接回答，而是调用了工具；这里没有工具，请直接输出 JSON")
	case finish == openai.FinishReasonLength:
		return badOutput("回答太长，没有写完；请写得短一些")
	case finish == openai.FinishReasonStop && strings.TrimSpace(content) == "":
		return badOutput("回答是空的")
	case finish == openai.FinishReasonStop:
		return nil
	}
	return Failure(casework.TroubleAway, errors.New("an answer that was not finished"))
}

// A rejected is an answer that was given, but not as asked. Its complaints
// are told to the model; they quote nothing.
type rejected struct{ complaints []string }

// Error says that it was rejected, not why: why goes to the model only.
func (r *rejected) Error() string {
	return fmt.Sprintf("the answer was rejected for %d reasons", len(r.complaints))
}

func badOutput(complaints ...string) error {
	return Failure(casework.TroubleBadOutput, &rejected{complaints})
}

// callTrouble tells what an error of the client library means. RequestError
// comes before APIError, because it wraps an empty one, whose status is 0.
func callTrouble(ctx context.Context, err error, ex *exchange, now time.Time) error {
	switch {
	case errors.Is(err, errLeak):
		return Failure(casework.TroubleLeak, errLeak)
	case errors.Is(err, errRedirect) || errors.Is(err, errStranger):
		return Failure(casework.TroubleRefuses, errRedirect)
	case errors.Is(ctx.Err(), context.Canceled):
		return Failure(casework.TroubleCancelled, context.Canceled)
	}
	if e, ok := errors.AsType[*openai.RequestError](err); ok {
		code, text := inside(e.Body)
		return byStatus(e.HTTPStatusCode, code, text, ex.header, now)
	}
	if e, ok := errors.AsType[*openai.APIError](err); ok {
		return byStatus(e.HTTPStatusCode, fmt.Sprint(e.Code, " ", e.Type), e.Message, ex.header, now)
	}
	if !ex.tried { // refused by the library itself, before anything left
		return Failure(casework.TroubleRefuses, errors.New("the request cannot be made for this model"))
	}
	return Failure(casework.TroubleAway, withPause(plainly(err), ex.header, now))
}

// byStatus tells what a status with an error's code and text means.
func byStatus(status int, code, text string, header http.Header, now time.Time) error {
	why := withPause("HTTP status "+strconv.Itoa(status), header, now)
	if t := tellTale(status, code, text); t != "" {
		return Failure(t, why)
	}
	switch {
	case status == http.StatusRequestTimeout, status == http.StatusConflict, status == http.StatusTooEarly,
		status == http.StatusTooManyRequests, status >= 500, status < 300:
		return Failure(casework.TroubleAway, why)
	}
	return Failure(casework.TroubleRefuses, why)
}

// What the words of an error tell, whatever its status.
var (
	saysQuota    = regexp.MustCompile(`(?i)insufficient[_ ]?(quota|balance|user_quota)|exceeded your current quota|arrearage|overdue[_ -]?payment|余额不足|欠费`)
	saysTooLong  = regexp.MustCompile(`(?i)context[_ ]length|context[_ ](size|window)|exceed_context|too many tokens|prompt is too long|input length|input is too long|max(imum)?[_ ]?(context|input)|maximum (model )?length`)
	saysFiltered = regexp.MustCompile(`(?i)data_?inspection_?failed|content_?(filter|policy)|inappropriate content|内容安全|敏感内容`)
)

// tellTale is the trouble that an error's status, code and text give away.
func tellTale(status int, code, text string) casework.ModelTrouble {
	all := code + " " + text
	switch {
	case status == http.StatusPaymentRequired || saysQuota.MatchString(all):
		return casework.TroubleQuota
	case status >= 500:
		return ""
	case saysFiltered.MatchString(all):
		return casework.TroubleFiltered
	case status == http.StatusRequestEntityTooLarge || saysTooLong.MatchString(all) && status != http.StatusTooManyRequests:
		return casework.TroubleTooLong
	}
	return ""
}

// inside reads code and text of an error body in any of the vendors' shapes:
// {"error":{…}}, {"error":"…"}, or flat.
func inside(body []byte) (code, text string) {
	var shapes struct {
		Error   json.RawMessage `json:"error"`
		Message any             `json:"message"`
		Code    any             `json:"code"`
		Type    any             `json:"type"`
	}
	if json.Unmarshal(body, &shapes) != nil {
		return "", ""
	}
	var nested struct{ Message, Code, Type any }
	if json.Unmarshal(shapes.Error, &nested) == nil {
		return fmt.Sprint(nested.Code, " ", nested.Type), fmt.Sprint(nested.Message)
	}
	return fmt.Sprint(shapes.Code, " ", shapes.Type), fmt.Sprint(shapes.Message, " ", string(shapes.Error))
}

// readRaw reads what the library does not: tokens under the vendors' own
// names, and thinking under either of its names.
func readRaw(body []byte) (u usage, counted, thought bool) {
	var raw struct {
		Usage *struct {
			In      int `json:"prompt_tokens"`
			Out     int `json:"completion_tokens"`
			Hit     int `json:"prompt_cache_hit_tokens"`
			Details struct {
				Cached int `json:"cached_tokens"`
			} `json:"prompt_tokens_details"`
		} `json:"usage"`
		Choices []struct {
			Message struct {
				Reasoning        any `json:"reasoning"`
				ReasoningContent any `json:"reasoning_content"`
				Content          any `json:"content"`
			} `json:"message"`
		} `json:"choices"`
	}
	if json.Unmarshal(body, &raw) != nil {
		return usage{}, false, false
	}
	for _, c := range raw.Choices {
		content, _ := c.Message.Content.(string)
		thought = thought || said(c.Message.Reasoning) || said(c.Message.ReasoningContent) || strings.Contains(content, "<think>")
	}
	if raw.Usage == nil {
		return usage{}, false, thought
	}
	hit := max(raw.Usage.Hit, raw.Usage.Details.Cached)
	return usage{max(0, raw.Usage.In), max(0, min(hit, raw.Usage.In)), max(0, raw.Usage.Out)}, true, thought
}

func said(value any) bool {
	text, ok := value.(string)
	return ok && strings.TrimSpace(text) != ""
}

// plainly tells a failure of the wire in a few words: errors of the network
// name addresses, and those of decoding may hold what was being decoded.
func plainly(err error) string {
	timeout, isNet := errors.AsType[net.Error](err)
	_, isDNS := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded) || isNet && timeout.Timeout():
		return "no answer in time"
	case errors.Is(err, errTooBig):
		return errTooBig.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens at the address"
	case isDNS:
		return "the address has no machine"
	case isNet:
		return "the connection broke"
	}
	return "what came back is no answer"
}

// withPause makes a cause that carries how long the provider asks to wait.
func withPause(why string, header http.Header, now time.Time) error {
	return &pause{why: why, after: readPause(header, now)}
}

// readPause reads how long to wait: retry-after-ms, or Retry-After as whole
// or broken seconds or as a date.
func readPause(header http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(strings.TrimSpace(header.Get("Retry-After-Ms")), 64); err == nil && ms > 0 {
		return bounded(ms / 1000)
	}
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 {
		return bounded(seconds)
	}
	if date, err := http.ParseTime(text); err == nil && date.After(now) {
		return min(date.Sub(now), longestWait)
	}
	return 0
}

// bounded makes a wait of seconds that cannot overflow.
func bounded(seconds float64) time.Duration {
	return time.Duration(min(seconds, longestWait.Seconds()) * float64(time.Second))
}
