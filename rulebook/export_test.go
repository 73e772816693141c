package rulebook

// LoadOnly loads layers without the embedded packs, so that fuzzing spends its
// time on the input.
var LoadOnly = load
