package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"xiaobao/casework"
)

// keyBytes is the length of the key that seals what masks stand for.
const keyBytes = 32

// keyFile is where setup keeps the key of this system.
func keyFile(home string) string { return filepath.Join(home, "secrets", "privacy_key") }

// privacyKey reads the key that seals what masks stand for: XIAOBAO_PRIVACY_KEY,
// or else the file of this home.
func privacyKey(home string, getenv func(string) string) ([]byte, error) {
	where, text := "XIAOBAO_PRIVACY_KEY", getenv("XIAOBAO_PRIVACY_KEY")
	if text == "" {
		where = keyFile(home)
		content, err := os.ReadFile(where)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, casework.Errorf(casework.NotFound, "there is no key to seal personal data with; run \"xiaobao setup\", which makes %s, or set XIAOBAO_PRIVACY_KEY", where)
		}
		if err != nil {
			return nil, casework.Errorf(casework.Invalid, "the key in %s cannot be read", where).Because(err)
		}
		text = string(content)
	}
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keyBytes { // the cause would quote the key
		return nil, casework.Errorf(casework.Invalid, "the key in %s is not 64 hexadecimal digits; without the right key nothing sealed can be opened", where)
	}
	return key, nil
}

// makePrivacyKey makes the key of a home that has none.
func makePrivacyKey(home string, getenv func(string) string) error {
	_, err := privacyKey(home, getenv)
	if casework.KindOf(err) != casework.NotFound {
		return err
	}
	var key [keyBytes]byte
	rand.Read(key[:]) // never fails, by its contract
	file := keyFile(home)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // never over a key that is there
	if err != nil {
		return err
	}
	_, err = f.WriteString(hex.EncodeToString(key[:]) + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}
