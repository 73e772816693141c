package fakellm

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
)

// dimensions of the vectors, which are digests and mean nothing.
const dimensions = 32

// embeddings gives every text a vector made of its digest. The answer says so:
// equal texts have equal vectors, and nothing else follows from them.
func (s *Server) embeddings(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Input json.RawMessage `json:"input"`
		Model string          `json:"model"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBody)).Decode(&ask); err != nil {
		writeJSON(w, http.StatusBadRequest, s.envelope(http.StatusBadRequest, "the body is not JSON", "invalid_request_error"))
		return
	}
	var texts []string
	if err := json.Unmarshal(ask.Input, &texts); err != nil {
		var one string
		if err := json.Unmarshal(ask.Input, &one); err != nil {
			writeJSON(w, http.StatusBadRequest, s.envelope(http.StatusBadRequest, "input must be a string or an array of strings", "invalid_request_error"))
			return
		}
		texts = []string{one}
	}
	data := make([]map[string]any, len(texts))
	tokens := 0
	for i, text := range texts {
		data[i] = map[string]any{"object": "embedding", "index": i, "embedding": hashVector(text)}
		tokens += len([]rune(text))
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"object": "list", "data": data, "model": Answerer + "-sha256-vectors",
		"usage": map[string]int{"prompt_tokens": tokens, "total_tokens": tokens},
	})
}

// hashVector spreads a digest over the range −1 to 1.
func hashVector(text string) []float64 {
	sum := sha256.Sum256([]byte(text))
	v := make([]float64, dimensions)
	for i := range v {
		v[i] = float64(sum[i])/127.5 - 1
	}
	return v
}
