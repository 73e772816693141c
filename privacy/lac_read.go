package privacy

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The sizes of the network: characters become 128 numbers, each of two layers
// reads them in both directions with 128 units, and 57 tags come out.
const (
	units = 128
	gates = 3 * units
	both  = 2 * units
	tags  = 57
)

// readParameters reads one file of parameters as Paddle 1 writes them: two
// versions and a table of levels, then a description of the tensor, then its
// numbers. The shape must be the one the network needs.
func readParameters(dir, name string, shape ...int) ([]float32, error) {
	path := filepath.Join(dir, name)
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the tagger's parameters are incomplete: %w", err)
	}
	const before = 4 + 8 + 4 // version, levels, version of the tensor
	if len(raw) < before+4 {
		return nil, fmt.Errorf("%s is cut off after %d bytes", path, len(raw))
	}
	if levels := binary.LittleEndian.Uint64(raw[4:]); levels != 0 {
		return nil, fmt.Errorf("%s is no file of parameters: it has %d levels", path, levels)
	}
	length := int(binary.LittleEndian.Uint32(raw[before:]))
	body := before + 4 + length
	if length > 64 || len(raw) < body {
		return nil, fmt.Errorf("%s is no file of parameters: its description has %d bytes", path, length)
	}
	found, err := tensorShape(raw[before+4 : body])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if fmt.Sprint(found) != fmt.Sprint(shape) {
		return nil, fmt.Errorf("%s has the shape %v, the network needs %v", path, found, shape)
	}
	count := 1
	for _, n := range shape {
		count *= n
	}
	if len(raw)-body != 4*count {
		return nil, fmt.Errorf("%s holds %d bytes of numbers, not %d", path, len(raw)-body, 4*count)
	}
	numbers := make([]float32, count)
	for i := range numbers {
		numbers[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[body+4*i:]))
	}
	return numbers, nil
}

// tensorShape reads the description: field 1 is the type of the numbers,
// field 2 repeats a length for each dimension, all as varints.
func tensorShape(description []byte) ([]int, error) {
	var shape []int
	for len(description) > 0 {
		key, n := binary.Uvarint(description)
		if n <= 0 {
			return nil, fmt.Errorf("a broken description")
		}
		value, m := binary.Uvarint(description[n:])
		if m <= 0 {
			return nil, fmt.Errorf("a broken description")
		}
		description = description[n+m:]
		switch key {
		case 1 << 3:
			if value != 5 {
				return nil, fmt.Errorf("numbers of type %d; floats of 32 bits are needed", value)
			}
		case 2 << 3:
			shape = append(shape, int(value))
		default:
			return nil, fmt.Errorf("a description with the unknown key %d", key)
		}
	}
	return shape, nil
}

// readDictionary reads lines of a number, a tab and a word, from the folder
// of the parameters or the one above it, where Debian has them.
func readDictionary(dir, name string) (map[string]int, error) {
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if os.IsNotExist(err) {
		raw, err = os.ReadFile(filepath.Join(filepath.Dir(filepath.Clean(dir)), name))
	}
	if err != nil {
		return nil, fmt.Errorf("the tagger's dictionary %s is neither in %s nor above it: %w", name, dir, err)
	}
	words := map[string]int{}
	for n, line := range strings.Split(string(raw), "\n") {
		number, word, ok := strings.Cut(strings.TrimSuffix(line, "\r"), "\t")
		if !ok {
			continue
		}
		id, err := strconv.Atoi(number)
		if err != nil || id < 0 {
			return nil, fmt.Errorf("%s, line %d: %q is no number", name, n+1, number)
		}
		words[word] = id
	}
	return words, nil
}

// vocabulary turns the dictionary into one for characters, and checks that
// every number in it has parameters.
func vocabulary(words map[string]int, size int) (map[rune]int32, int32, error) {
	unknown, ok := words["OOV"]
	if !ok {
		return nil, 0, fmt.Errorf("the dictionary of words has no entry OOV for unknown ones")
	}
	characters := make(map[rune]int32, len(words))
	for word, id := range words {
		if id >= size {
			return nil, 0, fmt.Errorf("the dictionary numbers a word %d, and there are parameters for %d", id, size)
		}
		if r, n := utf8.DecodeRuneInString(word); n == len(word) {
			characters[r] = int32(id)
		}
	}
	return characters, int32(unknown), nil
}
