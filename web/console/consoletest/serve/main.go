// Command serve shows the console over a desk in memory, for looking at pages
// while they are made. With -as, every visitor is that user.
package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"time"

	"xiaobao/web/console/consoletest"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:18080", "address to listen on")
	as := flag.String("as", "", "login of the user that every visitor is")
	empty := flag.Bool("empty", false, "have no records")
	flag.Parse()
	if err := serve(*listen, *as, *empty); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(listen, as string, empty bool) error {
	make := consoletest.New
	if empty {
		make = consoletest.Empty
	}
	desk, err := make()
	if err != nil {
		return err
	}
	console := desk.Console(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	console.Poll = time.Second
	handler, err := console.Handler()
	if err != nil {
		return err
	}
	if as != "" {
		if handler, err = loggedIn(handler, as); err != nil {
			return err
		}
	}
	fmt.Println("http://" + listen)
	server := &http.Server{Addr: listen, Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}

// loggedIn gives every request the session of one user.
func loggedIn(handler http.Handler, login string) (http.Handler, error) {
	server := httptest.NewServer(handler)
	defer server.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar}
	form := url.Values{"login": {login}, "password": {consoletest.Password}}
	answer, err := client.Post(server.URL+"/login", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if err := answer.Body.Close(); err != nil {
		return nil, err
	}
	home, err := url.Parse(server.URL)
	if err != nil {
		return nil, err
	}
	cookies := jar.Cookies(home)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") == "" {
			for _, c := range cookies {
				r.AddCookie(c)
			}
		}
		handler.ServeHTTP(w, r)
	}), nil
}
