// Package localstack (一机部署) runs the whole system on one machine: a private
// PostgreSQL, Temporal with its web interface, our worker and our console, as
// background processes that outlive the command that started them.
//
// It supervises by looking, not by staying: what runs is written down in
// XIAOBAO_HOME, and each command compares that with the machine. So a killed
// command, a killed part and a restarted machine are all the same case, and
// starting again starts only what is missing.
//
//	stack.go       Up, Down, Reset: what is done, in which order
//	status.go      how each part is, without touching any
//	part.go        what a part and a step are
//	start.go       one part from down to ready
//	record.go      who runs: process ids that survive reuse
//	process.go     starting, finding and ending processes
//	proc.go        what Linux tells of processes and ports in /proc
//	ports.go       which ports, who holds a taken one
//	home.go        the folder that everything lives in, and its lock
//	plan.go        the parts of this product, from the caller's options
//	postgres.go    the private cluster; account.go: the user it runs as
//	temporal.go    our devstack, somebody's temporal, or a server elsewhere
//	product.go     migrate, setup, sample, worker and console
//	progress.go    what the person at the terminal reads meanwhile
//
// It knows no domain word but the names of the commands it runs.
package localstack
