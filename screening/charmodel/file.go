package charmodel

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"

	"xiaobao/casework"
)

// magic begins every file, and names its form.
const magic = "xiaobao char 1\n"

// MaxBytes is the most that a model's file may have.
const MaxBytes = 4 << 20

// A heading is what stands before the weights.
type heading struct {
	Options      Options `json:"options"`
	TrainingHash string  `json:"training_hash"`
	RulebookHash string  `json:"rulebook_hash"`
	Labels       []label `json:"labels"`
	Report       Report  `json:"report"`
}

// encode writes all but the checksum at the end.
func (m *Model) encode(b *bytes.Buffer) error {
	head, err := json.Marshal(heading{m.Options, m.TrainingHash, m.RulebookHash, m.labels, m.Report})
	if err != nil {
		return err
	}
	b.WriteString(magic)
	number := func(n int) { b.Write(binary.AppendUvarint(nil, uint64(n))) }
	number(len(head))
	b.Write(head)
	number(len(m.hashes))
	before := uint32(0)
	for i, h := range m.hashes {
		number(int(h - before))
		before = h
		own := m.weights[m.first[i]:m.first[i+1]]
		number(len(own))
		label := uint16(0)
		for _, w := range own {
			number(int(w.label - label))
			b.WriteByte(byte(w.value))
			label = w.label
		}
	}
	return nil
}

// WriteTo writes the model's file.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(m.content)
	return int64(n), err
}

// Read reads a model's file, and refuses one that is not whole.
func Read(r io.Reader) (*Model, error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	switch {
	case len(content) > MaxBytes:
		return nil, broken("is larger than 4 MiB", "超过 4 MiB")
	case !bytes.HasPrefix(content, []byte(magic)):
		return nil, broken("does not begin like one", "文件开头不符")
	case len(content) < len(magic)+sha256.Size:
		return nil, broken("is cut off", "文件不完整")
	}
	body, sum := content[:len(content)-sha256.Size], content[len(content)-sha256.Size:]
	if got := sha256.Sum256(body); !bytes.Equal(got[:], sum) {
		return nil, broken("is damaged or cut off: its checksum is wrong", "文件损坏或不完整：校验和不符")
	}
	m := &Model{}
	if err := m.decode(bytes.NewReader(body[len(magic):])); err != nil {
		return nil, err
	}
	return m, m.seal()
}

func broken(english, chinese string) *casework.Error {
	return casework.Errorf(casework.Invalid, "this is no local model: the file %s; make one with \"xiaobao model train\"", english).
		InChinese("这不是本地模型文件：%s；请用 xiaobao model train 生成", chinese)
}

var errShort = errors.New("short")

// decode reads what encode wrote.
func (m *Model) decode(r *bytes.Reader) error {
	var h heading
	size, err := binary.ReadUvarint(r)
	if err != nil || size > uint64(r.Len()) {
		return broken("has no heading", "缺少文件头")
	}
	head := make([]byte, size)
	if _, err := io.ReadFull(r, head); err != nil {
		return broken("has no heading", "缺少文件头")
	}
	if err := json.Unmarshal(head, &h); err != nil {
		return broken("has a heading that cannot be read", "文件头无法读取")
	}
	m.Options, m.TrainingHash, m.RulebookHash, m.labels, m.Report = h.Options, h.TrainingHash, h.RulebookHash, h.Labels, h.Report
	if m.Options.Bits < leastBits || m.Options.Bits > mostBits || len(m.labels) == 0 || len(m.labels) > math.MaxUint16 {
		return broken("has a heading that makes no sense", "文件头内容无效")
	}
	if err := m.decodeWeights(r); err != nil || r.Len() > 0 {
		return broken("has weights that make no sense", "权重内容无效")
	}
	return nil
}

// decodeWeights reads the sequences with their weights.
func (m *Model) decodeWeights(r *bytes.Reader) error {
	count, err := binary.ReadUvarint(r)
	if err != nil || count > uint64(r.Len()) {
		return errShort
	}
	hash := uint64(0)
	for i := range count {
		delta, err := binary.ReadUvarint(r)
		if err != nil || delta == 0 && i > 0 || delta >= 1<<m.Options.Bits || hash+delta >= 1<<m.Options.Bits {
			return errShort
		}
		hash += delta
		m.hashes = append(m.hashes, uint32(hash))
		m.first = append(m.first, uint32(len(m.weights)))
		if err := m.decodeSequence(r); err != nil {
			return err
		}
	}
	m.first = append(m.first, uint32(len(m.weights)))
	return nil
}

func (m *Model) decodeSequence(r *bytes.Reader) error {
	count, err := binary.ReadUvarint(r)
	if err != nil || count == 0 || count > uint64(len(m.labels)) {
		return errShort
	}
	label := uint64(0)
	for i := range count {
		delta, err := binary.ReadUvarint(r)
		if err != nil || delta == 0 && i > 0 || delta >= uint64(len(m.labels)) || label+delta >= uint64(len(m.labels)) {
			return errShort
		}
		value, err := r.ReadByte()
		if err != nil {
			return err
		}
		label += delta
		m.weights = append(m.weights, weight{uint16(label), int8(value)})
	}
	return nil
}
