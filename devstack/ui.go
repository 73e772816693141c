package main

import (
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
)

// newUI is the web interface, not yet started. It fetches nothing from
// outside: no news, no feedback page.
func newUI(s settings) *uiserver.Server {
	return uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		TemporalGRPCAddress: s.frontend(),
		Host:                s.ip.String(),
		Port:                s.uiPort,
		EnableUI:            true,
		DefaultNamespace:    s.namespace,
		DisableNewsFetch:    true,
		RefreshInterval:     time.Minute,
		HideLogs:            true,
		// Without this the browser would not send the token back over plain
		// HTTP, and nothing could be done from the pages.
		CORS: uiconfig.CORS{CookieInsecure: true},
	}))
}
