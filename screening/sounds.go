package screening

import "slices"

// longestSyllable is zhuang, before zh and z are merged.
const longestSyllable = 6

// findSounds runs the automaton of syllables over one utterance: characters
// by how they are read, Latin letters as syllables spelt out (tui保 is 推保).
// What the characters themselves spell was found already.
func (m *matcher) findSounds(number int32) {
	s := &m.said[number]
	syllable, units := m.letters.syllable, m.units[s.first:s.past]
	before := uint16(0)
	for i, u := range units {
		sound := syllable[u]
		if sound == spellsOut {
			m.findSpelt(number)
			return
		}
		if m.begins.pair(before, sound) {
			m.hear(number, s.first+int32(i)-1)
		}
		before = sound
	}
}

// hear notes the words that begin with the syllable at a unit.
func (m *matcher) hear(number, begin int32) {
	a, state := m.sounds, int32(0)
	for i := begin; i < m.said[number].past; i++ {
		sound := m.letters.syllable[m.units[i]]
		if sound == spellsOut || sound == 0 {
			return
		}
		next := a.next(state, sound)
		if next == 0 {
			return
		}
		if state = next; a.cells[state].found != 0 {
			m.heard(state, number, i+1, begin)
		}
	}
}

// findSpelt is findSounds for an utterance with Latin letters, where a
// syllable may take several units. Hits before the first letter come again.
func (m *matcher) findSpelt(number int32) {
	s := &m.said[number]
	for len(m.hits) > 0 && m.hits[len(m.hits)-1].bySound && m.hits[len(m.hits)-1].said == number {
		m.hits = m.hits[:len(m.hits)-1]
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
		state = m.spell(state, number, i, end)
		i = end - 1
	}
}

// sound takes one syllable, units[start:end].
func (m *matcher) sound(state, number int32, syllable uint16, start, end int32) int32 {
	m.syllableAt = append(m.syllableAt, start)
	state = m.sounds.step(state, syllable)
	if m.sounds.cells[state].found != 0 {
		m.heard(state, number, end, -1)
	}
	return state
}

// heard notes the words whose last syllable was just read: those that begin
// at a unit, or if that is -1 all, by where the syllables begin.
func (m *matcher) heard(state, number, end, only int32) {
	for at := m.sounds.cells[state].found; m.sounds.found[at] >= 0; at++ {
		spoken := m.sounds.found[at]
		word, begin := m.spoken[spoken], end-m.lasting[spoken]
		if only < 0 {
			begin = m.syllableAt[int32(len(m.syllableAt))-m.lasting[spoken]]
		} else if begin != only {
			continue
		}
		if slices.Equal(m.words[word], m.units[begin:end]) {
			continue
		}
		m.hits = append(m.hits, hit{word: word, said: number, start: begin, end: end, bySound: true})
		if m.known[word] != m.now {
			m.meet(word)
		}
	}
}

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

// pairs is a set of pairs of syllables, to pass over places where no word
// can begin without asking the automaton.
type pairs struct {
	bits  bits
	width int32
}

func pairsThatBegin(words [][]uint16, syllables int) pairs {
	p := pairs{width: int32(syllables + 1)}
	var numbers []int32
	for _, word := range words {
		numbers = append(numbers, int32(word[0])*p.width+int32(word[1]))
	}
	p.bits = bitsOf(numbers, int(p.width*p.width))
	return p
}

func (p *pairs) pair(first, second uint16) bool {
	return p.bits.has(int32(first)*p.width + int32(second))
}
