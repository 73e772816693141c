package privacy

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
)

// sealVersion begins every sealed document.
const sealVersion = 1

// Seal encrypts what the document keeps with AES-GCM, bound to what it is
// about: it opens for nothing else. The key has 16, 24 or 32 bytes.
func (d *Document) Seal(key []byte, about string) ([]byte, error) {
	box, err := newBox(key)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	plain, err := json.Marshal(&d.contents)
	d.mu.Unlock()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // never fails: it ends the program where there is no randomness
	return box.Seal(append([]byte{sealVersion}, nonce...), nonce, plain, []byte(about)), nil
}

// Open reads a sealed document with the key and the subject it was sealed
// with. It masks further texts with rules alone; With gives it the tagger.
func Open(key []byte, about string, sealed []byte) (*Document, error) {
	box, err := newBox(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < 1+box.NonceSize() || sealed[0] != sealVersion {
		return nil, errors.New("this is no sealed document of version 1")
	}
	nonce, body := sealed[1:1+box.NonceSize()], sealed[1+box.NonceSize():]
	plain, err := box.Open(nil, nonce, body, []byte(about))
	if err != nil {
		return nil, errors.New("the sealed document does not open: it was changed, or sealed with another key or for another case")
	}
	d := &Document{}
	d.contents.init()
	if err := json.Unmarshal(plain, &d.contents); err != nil {
		return nil, fmt.Errorf("the sealed document opened and cannot be read: %w", err)
	}
	for _, name := range d.contents.Names {
		d.names.add(name)
	}
	return d, nil
}

// With lets an opened document mask further texts as m does.
func (d *Document) With(m *Masker) *Document {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tagger = m.tagger
	return d
}

func newBox(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("a key to seal with has 16, 24 or 32 bytes, not %d", len(key))
	}
	return cipher.NewGCM(block)
}
