//go:build !race

package importing_test

// underRace says that the race detector watches.
const underRace = false
