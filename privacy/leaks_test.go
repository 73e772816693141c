package privacy_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"xiaobao/privacy"
)

func TestLeaksAreSeenThroughTheEscapesOfJSON(t *testing.T) {
	t.Parallel()
	inner, err := json.Marshal(map[string]string{"text": "微信号：abc_12345\n13812345678"})
	if err != nil {
		t.Fatal(err)
	}
	outer, err := json.Marshal(map[string]string{"content": string(inner)})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		body string
		want []privacy.Kind
	}{
		"plain":                 {`{"t":"打13812345678"}`, []privacy.Kind{privacy.Mobile}},
		"digits escaped":        {`{"t":"\u0031\u0033\u00381234567\u0038"}`, []privacy.Kind{privacy.Mobile}},
		"cue escaped":           {`{"t":"\u62a4\u7167E12345678"}`, []privacy.Kind{privacy.Passport}},
		"after an escaped line": {`{"t":"好\n13812345678\n"}`, []privacy.Kind{privacy.Mobile}},
		"JSON within JSON":      {string(outer), []privacy.Kind{privacy.WeChat, privacy.Mobile}},
		"tokens":                {`{"t":"〔手机1〕和\u3014\u8eab\u4efd\u8bc11\u3015"}`, nil},
		"names are no leaks":    {`{"t":"我叫王小芳，住在杭州市余杭区文一西路969号"}`, nil},
		"nobody's numbers":      {`{"t":"95588 400-820-8888 12378 2026-03-02 12000.50元 合同号2024000111223344"}`, nil},
		"machine's numbers": {`{"id":"7f3c2a10-1381-4234-8678-139123456789","at":"2026-11-23T17:09:53.139123456Z","trace":"4bf92f3577b34da6a3ce929d0e0e4736",
			"go":"go.temporal.io/server@v1.32.0","v":"v0.0.0-20210909213444-13812345678a","ns":1769078400123456789,"ms":1769078400123}`, nil},
	} {
		var got []privacy.Kind
		for _, s := range privacy.Leaks(test.body) {
			got = append(got, s.Kind)
			if s.End > len([]rune(test.body)) {
				t.Errorf("%s: %v is beyond the body", name, s)
			}
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: found %v, want %v", name, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: found %v, want %v", name, got, test.want)
			}
		}
	}
}

// TestTimeGrowsWithTheTextOnly masks texts made to be hard, each once and
// eight times as long. What grows with the square would take 64 times as long,
// and seconds; less is a busy machine.
func TestTimeGrowsWithTheTextOnly(t *testing.T) {
	for name, piece := range map[string]string{
		"digits": "1", "digits apart": "1 ", "mail": "a@a.", "Chinese digits": "一三八", "names": "张伟李娜", "dots": "阿·", "brackets": "〔姓名",
		"addresses": "省市区路号", "cues": "微信手机账号", "hexadecimal": "a1-", "escapes": `\u0031`, "found names": "我叫王小芳，",
	} {
		text := strings.Repeat(piece, 8_000/len(piece))
		long := strings.Repeat(text, 8)
		once, eight := quickest(func() { work(text) }), quickest(func() { work(long) })
		if eight > 40*once && eight > 1500*time.Millisecond {
			t.Errorf("%s: %d bytes take %v, eight times as many %v", name, len(text), once, eight)
		}
	}
}

func work(text string) {
	privacy.NewMasker(nil).Document().Mask(text)
	privacy.Leaks(text)
}

func quickest(work func()) time.Duration {
	best := time.Hour
	for range 2 {
		start := time.Now()
		work()
		best = min(best, time.Since(start))
	}
	return best
}
