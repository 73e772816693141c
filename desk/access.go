package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"xiaobao/casework"
)

// How many wrong passwords are borne within loginWindow.
const (
	loginWindow        = 15 * time.Minute
	triesPerLogin      = 5
	triesPerAddress    = 30
	tokenLife          = 30 * 24 * time.Hour
	maxCredentialBytes = 1024
)

// Login checks a name and a password. Address is where the request came from.
// After several wrong ones the name, and later the address, has to wait.
func (d *Desk) Login(ctx context.Context, login, password, address, via string) (casework.User, error) {
	if len(login) > maxCredentialBytes || len(password) > maxCredentialBytes || !utf8.ValidString(login) || strings.ContainsRune(login, 0) {
		return casework.User{}, wrongCredentials()
	}
	// One at a time: of many that come at once each must count before the next
	// is tried, and each check takes much memory.
	d.logins.Lock()
	defer d.logins.Unlock()
	failures, err := d.Records.LoginFailures(ctx, login, address, d.now().Add(-loginWindow))
	if err != nil {
		return casework.User{}, err
	}
	if failures.ByLogin >= triesPerLogin || failures.ByAddress >= triesPerAddress {
		return casework.User{}, casework.Errorf(casework.Busy, "too many wrong passwords; wait a quarter of an hour").
			InChinese("密码错误次数过多，请 15 分钟后再试").WithCode("login_throttled")
	}
	u, hash, err := d.Records.UserByLogin(ctx, login)
	switch {
	case casework.KindOf(err) == casework.NotFound, err == nil && hash == "":
		hash = noHash
	case err != nil:
		return casework.User{}, err
	}
	good := checkPassword(hash, password) && err == nil && u.Active
	if err := d.Records.NoteLogin(ctx, login, address, d.now(), good); err != nil {
		return casework.User{}, err
	}
	if !good {
		if err := d.noteRefusal(ctx, login, address, via, failures); err != nil {
			return casework.User{}, err
		}
		return casework.User{}, wrongCredentials()
	}
	u.Via = via
	return u, d.audit(ctx, u, "user.login", "user/"+string(u.ID), nil)
}

// noteRefusal puts a refused login on the audit trail: the first of late, and
// the one that makes the login or the address wait. The others would only
// bury the rest. There may be no such account, so nobody is named as having
// done it, and the login, which might be a password typed into the wrong
// field, is there as a hash.
func (d *Desk) noteRefusal(ctx context.Context, login, address, via string, before casework.LoginFailures) error {
	byLogin, byAddress := before.ByLogin+1, before.ByAddress+1
	if byLogin != 1 && byLogin != triesPerLogin && byAddress != triesPerAddress {
		return nil
	}
	return d.audit(ctx, casework.User{Via: via}, "user.login_failed", loginObject(login), map[string]any{
		"failures": byLogin, "login_waits": byLogin >= triesPerLogin, "address_waits": byAddress >= triesPerAddress,
		"address": addressClass(address),
	})
}

// loginObject stands for a login on the audit trail, whatever its case.
func loginObject(login string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(login)))
	return "login/" + hex.EncodeToString(sum[:])[:12]
}

// addressClass tells where an address is without telling which it is.
func addressClass(address string) string {
	ip, err := netip.ParseAddr(address)
	ip = ip.Unmap()
	switch {
	case err != nil:
		return "unknown"
	case ip.IsLoopback():
		return "this machine"
	case ip.IsPrivate(), ip.IsLinkLocalUnicast():
		return "internal"
	}
	return "external"
}

func wrongCredentials() error {
	return casework.Errorf(casework.Denied, "the name or the password is wrong").
		InChinese("用户名或密码不正确").WithCode("login_refused")
}

// User is a user who is still active, for a session that names them. It
// is asked at every request, so that a disabled account is out at once.
func (d *Desk) User(ctx context.Context, id casework.Actor, via string) (casework.User, error) {
	u, err := d.Records.User(ctx, id)
	if err != nil {
		return u, err
	}
	if !u.Active {
		return u, casework.Errorf(casework.Denied, "this account is disabled").
			InChinese("该账号已停用，请联系系统管理员").WithCode("account_disabled")
	}
	u.Via = via
	return u, nil
}

// IssueToken makes a token for the command line. Only its hash is kept.
func (d *Desk) IssueToken(ctx context.Context, u casework.User) (string, error) {
	token := newID("xb-") + newID("")
	if err := d.audit(ctx, u, "user.token", "user/"+string(u.ID), nil); err != nil {
		return "", err
	}
	return token, d.Records.AddToken(ctx, token, u.ID, d.now(), d.now().Add(tokenLife))
}

// TokenUser is whose token it is.
func (d *Desk) TokenUser(ctx context.Context, token string) (casework.User, error) {
	owner, err := d.Records.UserByToken(ctx, token, d.now())
	if casework.KindOf(err) == casework.NotFound {
		return casework.User{}, casework.Errorf(casework.Denied, "this token is not valid or has run out; run \"xiaobao login\" again").
			InChinese("登录凭证无效或已过期，请重新登录").WithCode("token_refused")
	}
	if err != nil {
		return casework.User{}, err
	}
	return d.User(ctx, owner.ID, "cli")
}

// ChangePassword sets a user's own new password.
func (d *Desk) ChangePassword(ctx context.Context, u casework.User, old, fresh string) error {
	_, hash, err := d.Records.UserByLogin(ctx, u.Login)
	if err != nil {
		return err
	}
	if !checkPassword(hash, old) {
		return casework.Errorf(casework.Denied, "the old password is wrong").InChinese("原密码不正确").WithCode("field:old_password")
	}
	hash, err = hashPassword(fresh)
	if err != nil {
		return err
	}
	if err := d.audit(ctx, u, "user.password", "user/"+string(u.ID), nil); err != nil {
		return err
	}
	return d.Records.SetPassword(ctx, u.ID, hash)
}
