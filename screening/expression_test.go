package screening

import "testing"

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
	} {
		e, err := compileExpression(c.source)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.mayMatch([]byte(c.text)); got != c.may {
			t.Errorf("%q may match %q: %v, want %v", c.source, c.text, got, c.may)
		}
		if e.MatchString(c.text) && !c.may {
			t.Errorf("%q does match %q", c.source, c.text)
		}
	}
}
