package screening

import (
	"reflect"
	"testing"
)

func TestExpressionsAreTriedWhereverTheyCouldMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source, text string
		may          bool
	}{
		{"第[^，]{0,3}(次|遍|回)", "这是第三回打来", true},
		{"第[^，]{0,3}(次|遍|回)", "这是第三个电话", false},
		{"(a|b)?银行(部|中心)", "某银行中心", true},
		{"(a|b)?银行(部|中心)", "某银行中介", false},
		{"(零|[0-9])+元", "5元", true},
		{"(?i)vip|贵宾", "贵宾", true},
		{"(?i)vip", "a vip", true},
		{"[^，]{2,}(好|美*)", "一二三", true},
		{"(今年|才)+满(十|1[0-7])", "今年满16", true},
		{"(今年|才)+满(十|1[0-7])", "今年满26", false},
		{"(专享|专属|消费)(的)?金[^，]{0,2}(券|卡)?", "消费消费金专享金券，专享的金专属专属金卡", true},
		{"^(专享|专属)金|好", "专享金专享金", true},
		{"(一|二){2}", "一二一一二", true},
	} {
		e, err := compileExpression(c.source)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.mayMatch([]byte(c.text)); got != c.may {
			t.Errorf("%q may match %q: %v, want %v", c.source, c.text, got, c.may)
		}
		if got, want := e.find([]byte(c.text), 9), e.FindAllIndex([]byte(c.text), 9); !reflect.DeepEqual(got, want) {
			t.Errorf("%q finds %v in %q, want %v", c.source, got, c.text, want)
		}
		if e.MatchString(c.text) && !c.may {
			t.Errorf("%q does match %q", c.source, c.text)
		}
	}
}
