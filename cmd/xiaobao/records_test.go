package main_test

import (
	"xiaobao/activities"
	"xiaobao/desk"
	"xiaobao/importing"
	"xiaobao/store"
)

// The database has all that the others ask of it.
var (
	_ activities.Inspections = (*store.Store)(nil)
	_ desk.Records           = (*store.Store)(nil)
	_ importing.Records      = (*store.Store)(nil)
)
