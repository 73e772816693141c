package screening

import (
	"slices"
	"strings"
)

// longestSyllable is zhuang, before zh and z are merged.
const longestSyllable = 6

// findSounds runs the automaton of syllables over one utterance: characters
// by how they are read, Latin letters as syllables spelt out (tui保 is 推保).
// What the characters themselves spell was found already.
func (m *matcher) findSounds(number int32) {
	s := &m.said[number]
	syllable, units := m.letters.syllable, m.units[s.first:s.past]
	begins, four := &m.begins, uint64(0)
	for i, u := range units {
		sound := syllable[u]
		if sound == spellsOut {
			m.findSpelt(number)
			return
		}
		if four = (four<<syllableBits | uint64(sound)) & fourSyllables; begins.may(four) {
			if state := begins.state(four); state != 0 {
				m.hear(state, number, s.first+int32(i)+1)
			}
		}
	}
}

// hear notes the words whose first minSyllables end at a unit, in the state
// that they lead to.
func (m *matcher) hear(state, number, end int32) {
	a, syllable, begin, past := m.sounds, m.letters.syllable, end-minSyllables, m.said[number].past
	for {
		if a.cells[state].ending != 0 {
			m.hearEnding(state, number, end, begin)
		}
		if end == past {
			return
		}
		sound := syllable[m.units[end]]
		if sound == spellsOut || sound == 0 {
			return
		}
		if state = a.next(state, sound); state == 0 {
			return
		}
		end++
	}
}

// findSpelt is findSounds for an utterance with Latin letters, where a
// syllable may take several units. Hits before the first letter come again.
func (m *matcher) findSpelt(number int32) {
	s := &m.said[number]
	for len(m.heard) > 0 && m.heard[len(m.heard)-1].said == number {
		m.heard = m.heard[:len(m.heard)-1]
	}
	m.syllableAt = slices.Grow(m.syllableAt[:0], int(s.past-s.first))
	state := int32(0)
	for i := s.first; i < s.past; i++ {
		u := m.units[i]
		if m.letters.latin[u] == 0 {
			state = m.sound(state, number, m.letters.syllable[u], i, i+1)
			continue
		}
		end := i + 1
		for end < s.past && m.letters.latin[m.units[end]] != 0 {
			end++
		}
		m.findMixed(number, i, end)
		state = m.spell(state, number, i, end)
		i = end - 1
	}
}

// sound takes one syllable, units[start:end].
func (m *matcher) sound(state, number int32, syllable uint16, start, end int32) int32 {
	m.syllableAt = append(m.syllableAt, start)
	state = m.sounds.step(state, syllable)
	if m.sounds.cells[state].ending != 0 {
		m.hearEnding(state, number, end, -1)
	}
	return state
}

// hearEnding notes the words whose last syllable was just read: those that begin
// at a unit, or if that is -1 all, by where the syllables begin.
func (m *matcher) hearEnding(state, number, end, only int32) {
	for _, spoken := range m.sounds.words(m.sounds.cells[state].ending) {
		word, begin := m.spoken[spoken], end-m.lasting[spoken]
		if only < 0 {
			begin = m.syllableAt[int32(len(m.syllableAt))-m.lasting[spoken]]
		} else if begin != only {
			continue
		}
		if slices.Equal(m.words[word], m.units[begin:end]) || !m.near(m.words[word], begin, only < 0) {
			continue
		}
		if m.view.relevant.has(m.endings[word]) {
			m.heard = append(m.heard, hit{word: word, said: number, start: begin, end: end, bySound: true})
		}
	}
}

// near reports whether a stretch that sounds like a word is near enough to
// it in writing to be it. Chinese is so rich in homophones
// (约服务非 for 月服务费, 打到你孩 for 打到你还) that some character must be the
// same: all but one in a word of minSyllables characters, in longer ones any.
// A syllable spelt out in letters is no accident and counts like its
// character, once one is the same.
func (m *matcher) near(word []uint16, begin int32, spelt bool) bool {
	same, written := 0, 0
	for i, u := range word {
		at := begin + int32(i)
		if spelt {
			at = m.syllableAt[len(m.syllableAt)-len(word)+i]
		}
		switch {
		case m.units[at] == u:
			same++
		case spelt && m.letters.latin[m.units[at]] != 0:
			written++
		case strings.ContainsRune(tooCommon, m.runes[m.spans[at].start]):
			return false
		}
	}
	return same > 0 && (len(word) > minSyllables || same+written >= len(word)-1)
}

// tooCommon are characters that nobody writes for another: 是你们公司 is no
// threat of death.
const tooCommon = "是的了在有这那就和也都"

// spell takes a run of letters as syllables, the longest that fits first;
// one that is no syllable breaks the word.
func (m *matcher) spell(state, number, start, end int32) int32 {
	for start < end {
		syllable, length := m.syllable(start, end)
		if syllable == 0 {
			length = end - start
		}
		state = m.sound(state, number, syllable, start, start+length)
		start += length
	}
	return state
}

// syllable reads the longest syllable at the beginning of units[start:end].
func (m *matcher) syllable(start, end int32) (uint16, int32) {
	var letters [longestSyllable]byte
	most := min(end-start, longestSyllable)
	for i := range most {
		letters[i] = m.letters.latin[m.units[start+i]]
	}
	for n := most; n > 0; n-- {
		if id := spelt()[string(letters[:n])]; id != 0 {
			return id, n
		}
	}
	return 0, 0
}

// beginnings tell of four syllables to what state of the automaton they lead
// as the beginning of a word. A filter that may say so wrongly, and never
// fails to, passes over most places without asking the table.
type beginnings struct {
	filter bits
	table  []beginning // at the hash of the syllables or, if taken, after it
}

// A beginning is free if its syllables are 0.
type beginning struct {
	four  uint64
	state int32
}

const (
	syllableBits  = 9
	fourSyllables = 1<<(minSyllables*syllableBits) - 1
	filterBits    = 18
)

func beginningsOf(words [][]uint16, a *automaton) beginnings {
	size := 1
	for size < 4*len(words) {
		size *= 2
	}
	b := beginnings{newBits(1 << filterBits), make([]beginning, size)}
	for _, word := range words {
		four, state := uint64(0), int32(0)
		for _, sound := range word[:minSyllables] {
			four, state = four<<syllableBits|uint64(sound), a.next(state, sound)
		}
		b.filter.add(filterHash(four))
		*b.place(four) = beginning{four, state}
	}
	return b
}

func (b *beginnings) may(four uint64) bool { return b.filter.has(filterHash(four)) }

// state gives the state after four syllables; 0 if no word begins with them.
func (b *beginnings) state(four uint64) int32 { return b.place(four).state }

// place gives where four syllables are in the table or would be. Most of the
// table is free.
func (b *beginnings) place(four uint64) *beginning {
	last := uint64(len(b.table) - 1)
	for at := four * golden >> 16 & last; ; at = (at + 1) & last {
		if p := &b.table[at]; p.four == four || p.four == 0 {
			return p
		}
	}
}

// golden is the golden ratio: multiplying by it spreads numbers out.
const golden = 0x9E3779B97F4A7C15

// filterHash keeps the uppermost bits.
func filterHash(four uint64) int32 { return int32(four * golden >> (64 - filterBits)) }
