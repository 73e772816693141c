package localstack

import "fmt"

// say writes one line of progress. Parts start side by side, so that each line
// names its part.
func (s *Stack) say(part, format string, args ...any) {
	if s.Out == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if part != "" {
		_, _ = fmt.Fprintf(s.Out, "%-12s ", part)
	}
	_, _ = fmt.Fprintf(s.Out, format+"\n", args...)
}
