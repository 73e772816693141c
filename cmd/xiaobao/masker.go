package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// lacDir is where Debian's python3-jieba keeps the tagger's parameters.
const lacDir = "/usr/lib/python3/dist-packages/jieba/lac_small/model_baseline"

// openMasker makes the masker with the tagger of XIAOBAO_LAC_DIR, or Debian's
// where it is installed. Without one it says so once, and rules stand alone.
// XIAOBAO_LAC_DIR=none does without on purpose.
func openMasker(notes io.Writer) (*privacy.Masker, error) {
	dir := os.Getenv("XIAOBAO_LAC_DIR")
	if dir == "none" {
		return privacy.NewMasker(nil), nil
	}
	asked := dir != ""
	if !asked {
		dir = lacDir
	}
	tagger, err := privacy.OpenTagger(dir)
	switch {
	case err == nil:
		return privacy.NewMasker(tagger), nil
	case asked:
		return nil, casework.Errorf(casework.Invalid, "XIAOBAO_LAC_DIR=%s: %s; name the folder model_baseline of lac_small, or none", dir, err)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, casework.Errorf(casework.Invalid, "%s; install python3-jieba again, or set XIAOBAO_LAC_DIR=none to do without", err)
	}
	_, _ = fmt.Fprintln(notes, "xiaobao: names and addresses are found by rules alone; with Debian's package python3-jieba more of them are found")
	return privacy.NewMasker(nil), nil
}
