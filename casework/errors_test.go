package casework_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"xiaobao/casework"
)

func TestAnErrorTellsPeopleTheWordsAndTheLogTheCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection refused")
	err := casework.Errorf(casework.Busy, "unit %d is busy", 7).InChinese("机构 %d 正忙", 7).WithCode("unit_busy").Because(cause)
	wrapped := fmt.Errorf("start: %w", err)
	if got := wrapped.Error(); got != "start: unit 7 is busy: connection refused" {
		t.Errorf("log: %q", got)
	}
	if got := casework.Words(wrapped); got != "unit 7 is busy" {
		t.Errorf("English: %q", got)
	}
	if got := casework.WordsZh(wrapped); got != "机构 7 正忙" {
		t.Errorf("Chinese: %q", got)
	}
	if casework.KindOf(wrapped) != casework.Busy || !errors.Is(wrapped, cause) || err.Code != "unit_busy" {
		t.Errorf("kind %s, cause %v, code %s", casework.KindOf(wrapped), errors.Is(wrapped, cause), err.Code)
	}
}

func TestAnUnknownErrorIsInternalAndTellsNothing(t *testing.T) {
	t.Parallel()
	err := errors.New("password of 张三 is wrong")
	if casework.KindOf(err) != casework.Internal {
		t.Errorf("kind %s", casework.KindOf(err))
	}
	if words := casework.Words(err) + casework.WordsZh(err); strings.Contains(words, "张三") || strings.Contains(words, "password") {
		t.Errorf("people are told %q", words)
	}
}

func TestChineseFallsBackToEnglish(t *testing.T) {
	t.Parallel()
	if got := casework.WordsZh(casework.Errorf(casework.NotFound, "no such thing")); got != "no such thing" {
		t.Errorf("got %q", got)
	}
}

func TestAddingToAnErrorLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	plain := casework.Errorf(casework.Conflict, "taken")
	_ = plain.InChinese("已被占用").WithCode("taken").Because(errors.New("x"))
	if plain.Chinese != "" || plain.Code != "" || plain.Cause != nil {
		t.Errorf("changed: %+v", plain)
	}
}
