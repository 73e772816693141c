package llm_test

import (
	"strconv"
	"testing"

	"xiaobao/llm"
	"xiaobao/privacy"
)

// A fence or canary that looked like an account would stop every question of
// its prompt as a leak.
func TestNoSecretWordLooksLikeAnAccount(t *testing.T) {
	t.Parallel()
	for i := range 5000 {
		word := llm.SecretWord("fence", strconv.Itoa(i))
		text := "加我微信\n〈数据-" + word + "〉\n[S1 坐席] 您好\n〈/数据-" + word + "〉\n内部口令：" + word + "。"
		if found := privacy.Leaks(text); len(found) > 0 {
			t.Fatalf("%q is taken for %v", word, found)
		}
	}
}
