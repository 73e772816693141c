package privacy

// masked stands for one character of personal data. A mask has as many
// characters as what it hides, so that evidence keeps its place.
const masked = '＊'

// Mask replaces personal data in text by as many asterisks and keeps the last
// two characters of numbers, by which people tell them apart. Offsets stay as
// they are.
func Mask(text string, known ...string) string {
	return stars(text, Find(text, known...))
}

// Stars hides spans of a text as Mask does.
func Stars(text string, spans []Span) string { return stars(text, spans) }

func stars(text string, spans []Span) string {
	if len(spans) == 0 {
		return text
	}
	runes := []rune(text)
	for _, s := range spans {
		end := s.End
		switch s.Kind {
		case Name, Email, Address, WeChat:
		default:
			end = max(s.Start, end-2)
		}
		for i := s.Start; i < end; i++ {
			runes[i] = masked
		}
	}
	return string(runes)
}
