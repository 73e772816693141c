package charmodel

import (
	"xiaobao/casework"
	"xiaobao/screening"
)

// orders is the most characters of a sequence. Single characters, standing in
// every sentence, cost much time and were found to tell nothing: 2 to 4 are used.
const orders = 4

// mostUnits bounds a sentence, what is weighed as one, so that a text without marks is weighed in
// pieces, each by itself.
const mostUnits = 60

// cut finds where the sentence that begins at start ends: at the mark that
// ends it.
func cut(units []uint16, start int) int {
	clause := 0
	for i := start; i < len(units); i++ {
		switch units[i] {
		case '。', '!', '?', '…', '\n', '\r':
			return i + 1
		case ',', ';':
			clause = i + 1
		}
		if i+1-start >= mostUnits {
			if clause > start+mostUnits/3 {
				return clause
			}
			return i + 1
		}
	}
	return len(units)
}

// alike writes for what tells persons apart, but nothing of what was done to
// them, one and the same: she as he, women of the family as its men, 女士 and
// 小姐 as 先生, and the character before that, a surname, as a placeholder.
func alike(units []uint16) {
	for i, u := range units {
		switch u {
		case '她', '它':
			units[i] = '他'
		case '妈':
			units[i] = '爸'
		case '婆':
			units[i] = '公'
		case '士':
			title(units, i, '女')
		case '姐':
			if !title(units, i, '小') {
				units[i] = '哥'
			}
		case '儿':
			if i > 0 && units[i-1] == '女' {
				units[i-1], units[i] = '儿', '子'
			}
		}
		if i > 1 && units[i] == '生' && units[i-1] == '先' {
			units[i-2] = '某'
		}
	}
}

// title writes 先生 for a title that ends at i and begins so.
func title(units []uint16, i int, begin uint16) bool {
	if i == 0 || units[i-1] != begin {
		return false
	}
	units[i-1], units[i] = '先', '生'
	return true
}

// edge stands before a sentence and after it.
const edge = 1

// spread mixes a hash and one more character into a hash (a multiplicative
// mix of the kind of Murmur's finaliser).
func spread(h uint64, u uint16) uint64 {
	h = (h ^ uint64(u)) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// A voice is a class of speakers whose words are told apart from those of
// other classes.
type voice uint64

const (
	institution voice = iota + 1
	consumer
	public
)

func voiceOf(s casework.Speaker) voice {
	switch s {
	case casework.Consumer, casework.ThirdParty:
		return consumer
	case casework.Post:
		return public
	}
	return institution
}

// grams appends the hash of every sequence of one to four characters of a
// sentence, its edges included.
func grams(units []uint16, v voice, into []uint32, bits int) []uint32 {
	shift := 64 - uint(bits)
	seed := uint64(v) * 0xD6E8FEB86659FD93
	for i := -1; i < len(units); i++ {
		h := seed
		for k := 0; k < orders && i+k <= len(units); k++ {
			u := uint16(edge)
			if i+k >= 0 && i+k < len(units) {
				u = units[i+k]
			}
			h = spread(h, u)
			if k > 0 {
				into = append(into, uint32(h*0xFF51AFD7ED558CCD>>shift))
			}
		}
	}
	return into
}

// inner appends the hashes of the sequences of two to four characters inside
// a word; of a word of one character, that.
func inner(units []uint16, v voice, into []uint32, bits int) []uint32 {
	shift := 64 - uint(bits)
	seed := uint64(v) * 0xD6E8FEB86659FD93
	for i := range units {
		h := seed
		for k := 0; k < orders && i+k < len(units); k++ {
			h = spread(h, units[i+k])
			if k > 0 || len(units) == 1 {
				into = append(into, uint32(h*0xFF51AFD7ED558CCD>>shift))
			}
		}
	}
	return into
}

// A cutter takes touchpoints apart into sentences of sequences.
type cutter struct {
	folder *screening.Folder
	turns  []screening.Utterance
	hashes []uint32
}

func newCutter() *cutter { return &cutter{folder: screening.NewFolder()} }

// fold gives the folded characters of an utterance.
func (c *cutter) fold(text string) []uint16 {
	units := c.folder.Fold(text)
	alike(units)
	return units
}
