package screening

import "unicode/utf8"

// A spelling is a short word of which one character is spelt out in letters:
// 秒pi for 秒批. Such words are too short to be found by their sound alone,
// but a syllable in letters between the very characters that it belongs to is
// no accident.
type spelling struct {
	syllable      uint16
	place, length int32
	others        [longestShort - 1]uint16 // the other characters, as letters of the alphabet
}

// Short words have so many characters.
const (
	shortestShort = 2
	longestShort  = 3
)

// isShort reports a folded word of two or three Chinese characters.
func isShort(word []uint16) bool {
	for _, u := range word {
		if u < utf8.RuneSelf {
			return false
		}
	}
	return len(word) >= shortestShort && len(word) <= longestShort
}

// spellings gives the ways to spell out one character of each word that is
// short, by number.
func (b *builder) spellings() map[spelling][]int32 {
	of, all := syllables().of, map[spelling][]int32{}
	for key, number := range b.numbers {
		word := b.words[number]
		if !key.spoken || !isShort(word) {
			continue
		}
		letters := b.rs.letters.encode(word)
		for place, u := range word {
			if sound := of[rune(u)]; sound != 0 {
				s := spelling{syllable: sound, place: int32(place), length: int32(len(word))}
				copy(s.others[copy(s.others[:], letters[:place]):], letters[place+1:])
				all[s] = append(all[s], number)
			}
		}
	}
	return all
}

// findMixed notes the short words of which the run of letters
// units[start:end] spells one character.
func (m *matcher) findMixed(number, start, end int32) {
	syllable, length := m.syllable(start, end)
	if syllable == 0 || length != end-start || length == 1 {
		return
	}
	s := &m.said[number]
	for length := int32(shortestShort); length <= longestShort; length++ {
		for place := range length {
			from, past := start-place, end+length-1-place
			if from < s.first || past > s.past {
				continue
			}
			key := spelling{syllable: syllable, place: place, length: length}
			copy(key.others[copy(key.others[:], m.units[from:start]):], m.units[end:past])
			for _, word := range m.spellings[key] {
				if m.view.relevant.has(m.endings[word]) {
					m.heard = append(m.heard, hit{word: word, said: number, start: from, end: past, bySound: true})
				}
			}
		}
	}
}
