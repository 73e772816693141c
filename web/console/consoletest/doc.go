// Package consoletest has a desk that keeps everything in memory, with the
// records of a small institution, so that the console can be tested and looked
// at without servers. It is for tests only.
package consoletest
