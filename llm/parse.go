package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// deepest is how far objects and lists may lie in one another.
const deepest = 32

// longestNumber bounds the digits of a number.
const longestNumber = 40

// What keeps an answer from being read. Their words are told to the model.
var (
	errNoObject   = errors.New("回答里没有 JSON 对象")
	errTwoObjects = errors.New("回答里有不止一个 JSON 对象，只能有一个")
	errHalfObject = errors.New("JSON 不完整，没有写完")
	errList       = errors.New("回答是列表，应当是一个 JSON 对象")
	errNotText    = errors.New("回答含有无法识别的字符")
	errThinking   = errors.New("回答只有思考过程，没有结论")
)

// thought is thinking aloud, which is never part of the answer.
var thought = regexp.MustCompile(`(?is)^\s*<(think|thinking)>.*?</(?:think|thinking)>`)

// parse finds the one JSON object in a model's words. It forgives how the
// object is wrapped (fences, prose, thinking) and how it is punctuated
// (full-width marks outside strings, a comma too many, line breaks inside
// strings), never what it says: what is missing, double or half stays wrong.
func parse(content string) (json.RawMessage, error) {
	if !utf8.ValidString(content) {
		return nil, errNotText
	}
	content = strings.TrimPrefix(content, "\ufeff")
	content = thought.ReplaceAllString(content, "")
	if i := strings.LastIndex(content, "</think>"); i >= 0 && !strings.Contains(content[:i], "{") {
		content = content[i+len("</think>"):] // the opening was in the request's template
	}
	if strings.HasPrefix(strings.TrimSpace(content), "<think") {
		return nil, errThinking
	}
	object, err := onlyObject(content)
	if err != nil {
		return nil, err
	}
	if err := sound(object); err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, object); err != nil {
		return nil, errHalfObject
	}
	return compact.Bytes(), nil
}

// onlyObject gives the object among the words, if there is exactly one.
func onlyObject(content string) ([]byte, error) {
	var found []byte
	var before rune
	for at := 0; at < len(content); {
		r, size := utf8.DecodeRuneInString(content[at:])
		if r != '{' && r != '｛' {
			if !strings.ContainsRune(" \t\r\n", r) {
				before = r
			}
			at += size
			continue
		}
		if !startsObject(content[at+size:]) {
			before, at = r, at+size // a brace of the prose
			continue
		}
		if before == '[' || before == '［' {
			return nil, errList
		}
		object, length, err := readObject(content[at:])
		switch {
		case err != nil:
			return nil, err
		case found != nil:
			return nil, errTwoObjects
		}
		found, at, before = object, at+length, '}'
	}
	if found == nil {
		return nil, errNoObject
	}
	return found, nil
}

// startsObject reports whether what follows a brace looks like JSON: a key, or
// nothing at all. Other braces belong to the prose.
func startsObject(rest string) bool {
	rest = strings.TrimLeft(rest, " \t\r\n　")
	r, _ := utf8.DecodeRuneInString(rest)
	return strings.ContainsRune("\"“”＂}｝'", r) && rest != ""
}

// marks are the full-width forms of JSON's own punctuation.
var marks = map[rune]byte{
	'｛': '{', '｝': '}', '［': '[', '］': ']', '：': ':', '，': ',', '“': '"', '”': '"', '＂': '"', '　': ' ', '\u00a0': ' ',
}

// readObject copies the object that text begins with, in JSON's own
// punctuation, and gives how many bytes it took.
func readObject(text string) (object []byte, length int, err error) {
	out := make([]byte, 0, len(text))
	depth := 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if plain, ok := marks[r]; ok {
			r = rune(plain)
		}
		switch r {
		case '"':
			n := 0
			if out, n, err = readString(out, text[at:]); err != nil {
				return nil, 0, err
			}
			at += n
			continue
		case '{', '[':
			if depth++; depth > deepest {
				return nil, 0, fmt.Errorf("JSON 嵌套超过 %d 层", deepest)
			}
		case '}', ']':
			out = dropComma(out)
			depth--
		}
		out = utf8.AppendRune(out, r)
		at += size
		if depth == 0 {
			return out, at, nil
		}
	}
	return nil, 0, errHalfObject
}

// readString copies a string and gives how many bytes it took. A string that
// opened with a full-width quote ends with one, so that plain quotes inside
// it are part of it.
func readString(out []byte, text string) ([]byte, int, error) {
	open, at := utf8.DecodeRuneInString(text)
	out = append(out, '"')
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case r == '\\' && at+1 < len(text):
			_, escaped := utf8.DecodeRuneInString(text[at+1:])
			out = append(out, text[at:at+1+escaped]...)
			at += 1 + escaped
			continue
		case closes(open, r):
			return append(out, '"'), at + size, nil
		case r == '"':
			out = append(out, '\\', '"')
		case r < ' ':
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, text[at:at+size]...)
		}
		at += size
	}
	return nil, 0, errHalfObject
}

// closes reports whether r ends a string that open began.
func closes(open, r rune) bool {
	switch open {
	case '"':
		return r == '"'
	case '＂':
		return r == '＂'
	}
	return r == '”'
}

// dropComma takes away a comma that nothing follows.
func dropComma(out []byte) []byte {
	trimmed := bytes.TrimRight(out, " \t\r\n")
	if bytes.HasSuffix(trimmed, []byte{','}) {
		return trimmed[:len(trimmed)-1]
	}
	return out
}

// sound walks a JSON value and refuses what encoding/json would settle
// silently: a key that stands twice, of which the last would win.
func sound(object []byte) error {
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.UseNumber()
	if err := walk(dec); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errTwoObjects
	}
	return nil
}

// unwritten reports whether a text holds characters that nobody writes: they
// have no place in a database, nor on a terminal.
func unwritten(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
}

func walk(dec *json.Decoder) error {
	token, err := dec.Token()
	if err != nil {
		return notJSON(err)
	}
	if number, ok := token.(json.Number); ok {
		if _, err := number.Float64(); err != nil || len(number) > longestNumber {
			return errors.New("JSON 里有过大的数")
		}
	}
	if text, ok := token.(string); ok && unwritten(text) {
		return errNotText
	}
	open, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	keys := map[string]bool{}
	for dec.More() {
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return notJSON(err)
			}
			name, ok := key.(string)
			if !ok || keys[name] {
				return errors.New("JSON 里同一个键出现了两次")
			}
			keys[name] = true
		}
		if err := walk(dec); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return notJSON(err)
	}
	return nil
}

// notJSON says where the JSON breaks, without a word of it.
func notJSON(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("第 %d 个字节处不符合 JSON 语法", syntax.Offset)
	}
	return errHalfObject
}
