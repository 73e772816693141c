package privacy

// A nameTree finds many names in one pass: characters lead from node to node.
type nameTree struct {
	next map[rune]*nameTree
	ends bool
}

// add takes a name in. A name of one character would hit everywhere and is
// left out.
func (t *nameTree) add(name string) {
	r := fold(name)
	for len(r) > 0 && r[0] == ' ' {
		r = r[1:]
	}
	for len(r) > 0 && r[len(r)-1] == ' ' {
		r = r[:len(r)-1]
	}
	if len(r) < 2 {
		return
	}
	for _, c := range r {
		if t.next == nil {
			t.next = map[rune]*nameTree{}
		}
		node := t.next[c]
		if node == nil {
			node = &nameTree{}
			t.next[c] = node
		}
		t = node
	}
	t.ends = true
}

// find gives every place where one of the names stands, the longest at each.
func (t *nameTree) find(r []rune) []Span {
	if t.next == nil {
		return nil
	}
	var spans []Span
	for i := 0; i < len(r); i++ {
		node, end := t, 0
		for j := i; j < len(r); j++ {
			if j > i && r[j] == ' ' && isHan(r[j-1]) && isHan(at(r, j+1)) && node.next[' '] == nil {
				continue // 张 伟
			}
			if node = node.next[r[j]]; node == nil {
				break
			}
			if node.ends {
				end = j + 1
			}
		}
		if end > 0 {
			spans = append(spans, Span{i, end, Name})
			i = end - 1
		}
	}
	return spans
}

// begins reports whether one of the names begins at i.
func (t *nameTree) begins(r []rune, i int) bool {
	for ; i < len(r); i++ {
		if t = t.next[r[i]]; t == nil {
			return false
		}
		if t.ends {
			return true
		}
	}
	return false
}
