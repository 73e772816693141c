package llm

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode"

	"xiaobao/casework"
)

// salt is this process's secret, from which fences and canaries come: nobody
// who writes a text can know them.
var salt = func() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: see crypto/rand
	return b
}()

// secretLetters spell nothing that could be taken for somebody's number or
// account: no digits, no vx and no qq.
const secretLetters = "bcdfghjkmnprst"

// secretWord makes eight letters of what it is for.
func secretWord(what, of string) string {
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(what + "\x00" + of))
	sum := mac.Sum(nil)
	word := make([]byte, 8)
	for i := range word {
		word[i] = secretLetters[int(sum[i])%len(secretLetters)]
	}
	return string(word)
}

// A fence marks where what is only to be read begins and ends.
type fence struct{ open, end string }

func newFence(word, of string) fence {
	name := word + "-" + secretWord("fence", of)
	return fence{"〈" + name + "〉", "〈/" + name + "〉"}
}

// harmless takes from a masked text what could be mistaken for the marks
// around it: line breaks, angle brackets, and numbers of utterances. It keeps
// the number of characters, so that places stay what they are.
func harmless(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case r == '〈':
			runes[i] = '‹'
		case r == '〉':
			runes[i] = '›'
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			runes[i] = ' '
		case (r == '[' || r == '［' || r == '【') && numbers(runes[i+1:]):
			runes[i] = '（'
		}
	}
	return string(runes)
}

// numbers reports whether what follows a bracket looks like the number of an
// utterance.
func numbers(after []rune) bool {
	i := 0
	for i < len(after) && unicode.IsSpace(after[i]) {
		i++
	}
	return i+1 < len(after) && strings.ContainsRune("SsＳｓ", after[i]) && unicode.IsDigit(after[i+1])
}

// numbered writes an utterance as the model sees it.
func numbered(n int, speaker casework.Speaker, text string) string {
	if speaker == "" {
		return fmt.Sprintf("[S%d] %s", n, text)
	}
	return fmt.Sprintf("[S%d %s] %s", n, speaker.Chinese(), text)
}
