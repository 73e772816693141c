package llm

import (
	"errors"
	"slices"
	"time"

	"xiaobao/casework"
)

// words are what people are told of a trouble, and how errors sort.
var words = map[casework.ModelTrouble]struct {
	kind             casework.Kind
	english, chinese string
}{
	casework.TroubleAway:       {casework.Busy, "the model does not answer", "模型暂时没有应答"},
	casework.TroubleQuota:      {casework.Denied, "the account with the model's provider is empty or blocked", "模型服务账户余额不足或已停用"},
	casework.TroubleRefuses:    {casework.Internal, "the model's provider refuses the key, the model's name or the request; see the settings", "模型服务拒绝了密钥、模型名称或请求，请检查设置"},
	casework.TroubleTooLong:    {casework.Invalid, "the text is longer than the model takes", "文本超过模型可以接受的长度"},
	casework.TroubleFiltered:   {casework.Invalid, "the model's provider will not read this text; a person has to", "模型服务拒绝处理这段文本，须由人工处理"},
	casework.TroubleBadOutput:  {casework.Internal, "the model did not answer as asked, twice", "模型两次都没有按要求作答"},
	casework.TroubleLeak:       {casework.Internal, "personal data was about to leave; nothing was sent", "请求中仍有个人信息，已拦截，没有发出"},
	casework.TroubleBudget:     {casework.Denied, "today's budget for the model is spent", "模型今日的用量预算已用完"},
	casework.TroubleOff:        {casework.Denied, "the model is switched off", "模型已被停用"},
	casework.TroubleNone:       {casework.NotFound, "no model is configured", "没有配置模型"},
	casework.TroubleCancelled:  {casework.Busy, "the question was withdrawn", "请求已被取消"},
	casework.TroubleUngrounded: {casework.Invalid, "what the model found does not stand in the text", "模型指出的内容在原文中不存在"},
}

// Failure is the error of a trouble, in words for people. Its cause is for
// the log and must hold nothing of a text or an answer; it may be nil.
func Failure(trouble casework.ModelTrouble, cause error) *casework.Error {
	w, ok := words[trouble]
	if !ok {
		w = words[casework.TroubleAway]
	}
	e := casework.Errorf(w.kind, "%s", w.english).InChinese("%s", w.chinese).WithCode(string(trouble))
	if cause == nil {
		return e
	}
	return e.Because(cause)
}

// TroubleOf is the trouble an error tells of: empty if it is nil or none of
// this package's.
func TroubleOf(err error) casework.ModelTrouble {
	for err != nil {
		e, ok := errors.AsType[*casework.Error](err)
		if !ok {
			return ""
		}
		if _, known := words[casework.ModelTrouble(e.Code)]; known {
			return casework.ModelTrouble(e.Code)
		}
		err = e.Cause
	}
	return ""
}

// Retryable reports whether the same question may be asked again as it is.
func Retryable(trouble casework.ModelTrouble) bool {
	return slices.Contains([]casework.ModelTrouble{casework.TroubleAway, casework.TroubleCancelled}, trouble)
}

// longestWait bounds what a provider may make us wait.
const longestWait = 10 * time.Minute

// A pause is a cause that says when to come back.
type pause struct {
	why   string
	after time.Duration
}

// Error says why.
func (p *pause) Error() string { return p.why }

// RetryAfter is how long the provider asked to wait before the next attempt,
// at most ten minutes.
func RetryAfter(err error) (time.Duration, bool) {
	p, ok := errors.AsType[*pause](err)
	if !ok || p.after <= 0 {
		return 0, false
	}
	return min(p.after, longestWait), true
}
