package screening

import "slices"

// longestSyllable is zhuang, before zh and z are merged.
const longestSyllable = 6

// findSounds runs the automaton of syllables over one utterance: characters
// by how they are read, Latin letters as syllables spelt out (tui保 is 推保).
// What the characters themselves spell was found already.
func (m *matcher) findSounds(number int32) {
	s := &m.said[number]
	syllable, a, state := m.letters.syllable, m.sounds, int32(0)
	for i, u := range m.units[s.first:s.past] {
		sound := syllable[u]
		if sound == spellsOut {
			m.findSpelt(number)
			return
		}
		if state = a.step(state, sound); a.cells[state].found != 0 {
			m.heard(state, number, s.first+int32(i)+1, nil)
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
		m.heard(state, number, end, m.syllableAt)
	}
	return state
}

// heard notes the words whose last syllable was just read. Starts are where
// the syllables so far begin; nil if each is one unit.
func (m *matcher) heard(state, number, end int32, starts []int32) {
	for at := m.sounds.cells[state].found; m.sounds.found[at] >= 0; at++ {
		spoken := m.sounds.found[at]
		word, begin := m.spoken[spoken], end-m.lasting[spoken]
		if starts != nil {
			begin = starts[int32(len(starts))-m.lasting[spoken]]
		}
		if !slices.Equal(m.words[word], m.units[begin:end]) {
			m.come(hit{word: word, said: number, start: begin, end: end, bySound: true})
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
