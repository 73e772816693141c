package console

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

type loginPage struct {
	Base
	Form    fields
	Expired bool
	Kept    bool
}

// login asks who is there.
func (c *Console) login(v *visit) (reply, error) {
	if v.User.ID != "" {
		return goTo("/")
	}
	_, kept := c.Sessions.Get(v.Context(), sessionKept).(keptForm)
	return show("login", loginPage{Base: v.base("login.title"), Form: v.fields(nil), Expired: v.URL.Query().Has("expired"), Kept: kept})
}

// logIn checks the password and goes on to where the visitor wanted to be.
func (c *Console) logIn(v *visit) (reply, error) {
	user, err := c.Desk.Login(v.Context(), v.text("login"), v.PostFormValue("password"), from(v.Request), via)
	if err != nil {
		return v.refused(err, c.login)
	}
	v.dropStrangers(user)
	v.setCookieFor(lastCookie, markOf(user.ID), lastLife)
	next := c.Sessions.PopString(v.Context(), sessionNext)
	if err := c.Sessions.RenewToken(v.Context()); err != nil {
		return reply{}, err
	}
	v.begin(user)
	return goTo(local(next))
}

// logOut ends the session.
func (c *Console) logOut(v *visit) (reply, error) {
	if err := c.Sessions.Destroy(v.Context()); err != nil {
		return reply{}, err
	}
	return goTo("/login")
}

// setLanguage switches the language, for the user or else for this browser.
func (c *Console) setLanguage(v *visit) (reply, error) {
	language := "zh-CN"
	if v.text("language") == "en" {
		language = "en"
	}
	v.setCookie("xiaobao_language", language)
	if v.User.ID != "" {
		if err := c.Desk.SetLanguage(v.Context(), v.User, language); err != nil {
			return reply{}, err
		}
	}
	return goTo(back(v))
}

// setTheme switches the colours, for this browser.
func (c *Console) setTheme(v *visit) (reply, error) {
	v.setCookie("xiaobao_theme", v.text("theme"))
	return goTo(back(v))
}

// back is the page a visitor came from, if it was one of ours.
func back(v *visit) string {
	referer, err := url.Parse(v.Referer())
	if err != nil || referer.Host != v.Host {
		return "/"
	}
	return local(referer.RequestURI())
}

// local is an address on this server, or the home page.
func local(address string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n") {
		return "/"
	}
	return address
}

// from is the address of the caller, for the throttle on logins.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
