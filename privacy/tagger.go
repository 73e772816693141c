package privacy

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// A Tagger finds the names of people and places with the network LAC-small,
// whose parameters Debian ships in python3-jieba. It is safe for concurrent
// use.
type Tagger struct {
	characters map[rune]int32
	unknown    int32
	embeddings []float32 // of each character
	first      layer     // whose input is few characters: see projected
	second     layer
	out        matrix
	outBias    []float32
	chain      []float32 // of tags: start, end, and from each to each
	names      [tags]tagKind
	begins     [tags]bool

	projected []atomic.Pointer[[2 * gates]float32] // of each character, once met
	scratch   sync.Pool
}

// A tagKind is what we care for in a tag.
type tagKind byte

const (
	tagOther tagKind = iota
	tagPerson
	tagPlace
	tagInstitution
)

// words is the number of characters and words that the network knows.
const words = 20941

// OpenTagger reads the network from the folder model_baseline of lac_small;
// the dictionaries are in it or above it.
func OpenTagger(dir string) (*Tagger, error) {
	t := &Tagger{}
	dictionary, err := readDictionary(dir, "word.dic")
	if err != nil {
		return nil, err
	}
	if t.characters, t.unknown, err = vocabulary(dictionary, words); err != nil {
		return nil, err
	}
	if err := t.readTags(dir); err != nil {
		return nil, err
	}
	if t.first, err = readLayer(dir, 0, units); err != nil {
		return nil, err
	}
	if t.second, err = readLayer(dir, 2, both); err != nil {
		return nil, err
	}
	weights, err := readParameters(dir, "fc_4.w_0", both, tags)
	if err != nil {
		return nil, err
	}
	t.out = transposed(weights, both, tags)
	if t.outBias, err = readParameters(dir, "fc_4.b_0", tags); err != nil {
		return nil, err
	}
	if t.chain, err = readParameters(dir, "crfw", tags+2, tags); err != nil {
		return nil, err
	}
	if t.embeddings, err = readParameters(dir, "word_emb", words, units); err != nil {
		return nil, err
	}
	t.projected = make([]atomic.Pointer[[2 * gates]float32], words)
	t.scratch.New = func() any { return new(pass) }
	return t, nil
}

// readTags reads what the tags mean.
func (t *Tagger) readTags(dir string) error {
	dictionary, err := readDictionary(dir, "tag.dic")
	if err != nil {
		return err
	}
	if len(dictionary) != tags {
		return fmt.Errorf("tag.dic has %d tags, the network %d", len(dictionary), tags)
	}
	found := 0
	for name, id := range dictionary {
		if id >= tags {
			return fmt.Errorf("tag.dic numbers %s %d; there are %d", name, id, tags)
		}
		word, place, _ := strings.Cut(name, "-")
		t.begins[id] = place != "I"
		switch word {
		case "PER", "nr":
			t.names[id] = tagPerson
			found++
		case "LOC":
			t.names[id] = tagPlace
			found++
		case "ORG", "nt":
			t.names[id] = tagInstitution
			found++
		}
	}
	if found != 10 {
		return fmt.Errorf("tag.dic lacks tags for persons, places and institutions")
	}
	return nil
}

// A tagged is a word that the network names.
type tagged struct {
	start, end int
	kind       tagKind
}

// stretch is how many characters the network reads at once: long sentences
// are cut, so that time and memory grow with the text only.
const stretch = 160

// tag names the persons, places and institutions in a folded text. Stretches
// in which nothing can begin a name or a place are not read: the network takes
// a thousand times as long as a look at the characters.
func (t *Tagger) tag(r []rune) []tagged {
	var all []tagged
	p := t.scratch.Get().(*pass)
	defer t.scratch.Put(p)
	for start := 0; start < len(r); {
		end, han := start, 0
		for end < len(r) && end-start < stretch {
			c := r[end]
			end++
			if isHan(c) {
				han++
			}
			if endsSentence(c) {
				break
			}
		}
		if han >= 2 && promising(r[start:end]) {
			all = t.stretch(p, r[start:end], start, all)
		}
		start = end
	}
	return all
}

// stretch tags one stretch of text and adds what it names.
func (t *Tagger) stretch(p *pass, r []rune, offset int, all []tagged) []tagged {
	path := t.run(p, r)
	for i := 0; i < len(path); {
		end := i + 1
		for end < len(path) && !t.begins[path[end]] && t.names[path[end]] == t.names[path[i]] {
			end++
		}
		if kind := t.names[path[i]]; kind != tagOther {
			all = append(all, tagged{offset + i, offset + end, kind})
		}
		i = end
	}
	return all
}

// promising reports whether a stretch may hold a name or a place: a surname
// that begins no common word, characters of foreign names in a row, a region.
func promising(r []rune) bool {
	foreigners := 0
	for i, c := range r {
		next := at(r, i+1)
		switch {
		case c == '·', regionNames.begins(r, i):
			return true
		case (usual[c] || rare[c]) && isHan(next) && !notGiven[next] && !nameWords[string(r[i:i+2])]:
			return true
		}
		if foreigners++; !foreign[c] {
			foreigners = 0
		}
		if foreigners >= 4 {
			return true
		}
	}
	return false
}
