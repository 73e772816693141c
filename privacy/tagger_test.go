package privacy_test

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"xiaobao/privacy"
)

// shapes are the network's files of parameters.
var shapes = map[string][]int{
	"word_emb": {20941, 128}, "crfw": {59, 57}, "fc_4.w_0": {256, 57}, "fc_4.b_0": {57},
	"fc_0.w_0": {128, 384}, "fc_1.w_0": {128, 384}, "fc_2.w_0": {256, 384}, "fc_3.w_0": {256, 384},
	"fc_0.b_0": {384}, "fc_1.b_0": {384}, "fc_2.b_0": {384}, "fc_3.b_0": {384},
	"gru_0.w_0": {128, 384}, "gru_1.w_0": {128, 384}, "gru_2.w_0": {128, 384}, "gru_3.w_0": {128, 384},
	"gru_0.b_0": {1, 384}, "gru_1.b_0": {1, 384}, "gru_2.b_0": {1, 384}, "gru_3.b_0": {1, 384},
}

// network writes a network that takes every character for the beginning of a
// person's name, unless the last tag's bias is the greatest.
func network(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "model_baseline")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, shape := range shapes {
		write(t, filepath.Join(dir, name), tensor(shape, func(i int) float32 {
			if name == "fc_4.b_0" && i == 48 {
				return 5
			}
			return 0
		}))
	}
	var words, names strings.Builder
	fmt.Fprint(&words, "0\t王\r\n1\t小\r\n20940\tOOV\r\n")
	for n, tag := range strings.Fields("a ad an c d f m n nr ns nt nw nz p q r s t u v vd vn w xc PER LOC ORG TIME") {
		fmt.Fprintf(&names, "%d\t%s-B\n%d\t%s-I\n", 2*n, tag, 2*n+1, tag)
	}
	names.WriteString("56\tO\n")
	write(t, filepath.Join(filepath.Dir(dir), "word.dic"), []byte(words.String()))
	write(t, filepath.Join(filepath.Dir(dir), "tag.dic"), []byte(names.String()))
	return dir
}

// tensor is a file of parameters as Paddle writes it.
func tensor(shape []int, value func(int) float32) []byte {
	description := []byte{1 << 3, 5}
	count := 1
	for _, n := range shape {
		description = binary.AppendUvarint(append(description, 2<<3), uint64(n))
		count *= n
	}
	raw := binary.LittleEndian.AppendUint32(make([]byte, 16), uint32(len(description)))
	raw = append(raw, description...)
	for i := range count {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(value(i)))
	}
	return raw
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestATaggerOpensOnlyWhereAllIsInPlace(t *testing.T) {
	t.Parallel()
	dir := network(t)
	if _, err := privacy.OpenTagger(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for what, bad := range map[string][]byte{
			"cut off": good[:len(good)-4], "too long": append(slices.Clone(good), 0, 0, 0, 0), "empty": nil, "short": good[:18],
			"another shape": tensor([]int{2, 2}, func(int) float32 { return 0 }),
		} {
			write(t, path, bad)
			if _, err := privacy.OpenTagger(dir); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		write(t, path, good)
	}
	for _, name := range []string{"word.dic", "tag.dic"} {
		write(t, filepath.Join(dir, name), []byte("no numbers\there\n"))
		if _, err := privacy.OpenTagger(dir); err == nil {
			t.Errorf("a broken %s was read", name)
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := privacy.OpenTagger(t.TempDir()); err == nil {
		t.Error("an empty folder was opened")
	}
}

func TestTheTaggersNamesAreMaskedFromManyGoroutines(t *testing.T) {
	t.Parallel()
	tagger, err := privacy.OpenTagger(network(t))
	if err != nil {
		t.Fatal(err)
	}
	m := privacy.NewMasker(tagger)
	if m.Version() != "mask@1+lac" || privacy.NewMasker(nil).Version() != "mask@1" {
		t.Error("the versions do not tell what masks")
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			const text = "高会福。王铁柱来了，13812345678"
			x := m.Document().Mask(text)
			if back, err := m.Document().Unmask("无"); err != nil || back != "无" {
				t.Errorf("%q, %v", back, err)
			}
			if !strings.Contains(x.Text, "〔手机1〕") {
				t.Errorf("masked to %q", x.Text)
			}
		})
	}
	all.Wait()
}
