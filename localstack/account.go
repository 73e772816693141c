package localstack

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"xiaobao/casework"
)

// An Account is a user of this machine that a part runs as.
type Account struct {
	Name     string
	UID, GID uint32
}

// databaseAccount is whom PostgreSQL runs as: nil, that is us, unless we are
// root, as which it refuses to run.
func databaseAccount() (*Account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if errors.Join(err1, err2) == nil && uid != 0 {
			return &Account{Name: name, UID: uint32(uid), GID: uint32(gid)}, nil
		}
	}
	return nil, casework.Errorf(casework.Invalid, "PostgreSQL does not run as root, and there is no user postgres or nobody; run as an ordinary user, or add one: useradd --system postgres")
}

// reaches reports whether the account may enter the folder: every folder above
// it must let it through.
func (a *Account) reaches(dir string) bool {
	if a == nil {
		return true
	}
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false
		}
		if err == nil && !a.mayEnter(info) {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

func (a *Account) mayEnter(info fs.FileInfo) bool {
	mode := info.Mode().Perm()
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return false
	case owner.Uid == a.UID:
		return mode&0o100 != 0
	case owner.Gid == a.GID:
		return mode&0o010 != 0
	}
	return mode&0o001 != 0
}

// own gives the account a file or folder.
func (a *Account) own(path string) error {
	if a == nil {
		return nil
	}
	return os.Chown(path, int(a.UID), int(a.GID))
}
