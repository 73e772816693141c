package privacy

import "sync"

// mostSeen bounds the characters of the stretches that are remembered: those
// of the longest text, twice.
const mostSeen = 400_000

// A memory keeps what the network said of the stretches that it read last. A
// text is masked several times over before it is asked about, by the whole
// and by parts, and reading it takes long. It never leaves the process.
type memory struct {
	mu   sync.Mutex
	said map[string][]tagged
	size int
}

// read gives what was said of a stretch, or reads it.
func (m *memory) read(text string, read func() []tagged) []tagged {
	m.mu.Lock()
	said, ok := m.said[text]
	m.mu.Unlock()
	if ok {
		return said
	}
	said = read()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.said == nil || m.size > mostSeen {
		m.said, m.size = map[string][]tagged{}, 0
	}
	m.said[text] = said
	m.size += len(text) / 3 // bytes of a Chinese character
	return said
}
