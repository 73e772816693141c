package sample

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// Kinds are what an institution consists of, in the order in which it must be
// imported.
func Kinds() []string { return []string{"orgs", "staff", "customers", "touchpoints"} }

// File writes all records of a kind to a file of JSON Lines.
func (i *Institution) File(kind, name string) error {
	switch kind {
	case "orgs":
		return lines(name, i.Orgs)
	case "staff":
		return lines(name, i.Staff)
	case "customers":
		return lines(name, i.Customers)
	case "touchpoints":
		return lines(name, i.Touchpoints)
	case "truth":
		return lines(name, i.Truth)
	}
	return errors.New("sample: there is nothing called " + kind)
}

// Write writes every kind, and the truth, to files in a directory.
func (i *Institution) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, kind := range append(Kinds(), "truth") {
		if err := i.File(kind, filepath.Join(dir, kind+".jsonl")); err != nil {
			return err
		}
	}
	return nil
}

func lines[T any](name string, records []T) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range records {
		if err := e.Encode(&records[i]); err != nil {
			return err
		}
	}
	return w.Flush()
}
