package main

import (
	"strings"
	"testing"

	"xiaobao/privacy"
)

func TestPagesAreMaskedOnceAndLongOnesByRules(t *testing.T) {
	t.Parallel()
	opened := 0
	b := &trialBench{masker: func() (*privacy.Masker, error) { opened++; return privacy.NewMasker(nil), nil }}
	const text = "客户：我叫张伟，电话13912345678。"
	for range 3 {
		masked, err := b.mask(text, "张伟")
		if err != nil || strings.Contains(masked, "张伟") || strings.Contains(masked, "13912345678") || len([]rune(masked)) != len([]rune(text)) {
			t.Errorf("masked as %s, %v", masked, err)
		}
	}
	if opened != 1 {
		t.Errorf("the same text was read %d times", opened)
	}
	if other, err := b.mask(text); err != nil || opened != 2 {
		t.Errorf("without the name it is another question: %s, %v, read %d times", other, err, opened)
	}
	long := strings.Repeat(text, 1+mostTagged/len(text))
	if masked, err := b.mask(long); err != nil || opened != 2 || strings.Contains(masked, "13912345678") {
		t.Errorf("a long text is masked by rules: read %d times, %v", opened, err)
	}
}
