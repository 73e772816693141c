module xiaobao/e2e

go 1.26.0

require (
	github.com/chromedp/chromedp v0.23.0
	xiaobao v0.0.0
)

replace xiaobao => ../
