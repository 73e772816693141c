// Package worker is the one list of all that runs: the workflows and
// activities of the house, how they are versioned, and what happens to their
// errors on the way through Temporal.
package worker
