package workflows

// A procedure may be changed while cases are under way. What a run has done
// stays in its history, and the code that goes on with it must do the same
// again when the history is replayed. Two rules keep that so.
//
// Inspect is pinned: a run stays on the worker version it began with, and
// moves to the current one when it hands its state to a new run, where there
// is nothing to replay. Its changes need no mark, but InspectionState and
// InspectionOrder may only gain fields.
//
// A procedure that moves on with each release asks workflow.GetVersion at
// every change that alters what it does. The change ids are constants of this
// file, newest last, each with its date and reason, and go away when no run
// that is older is open. There are none yet: no procedure of that kind exists.
//
// TestReplay holds every release to this, with histories of the earlier ones.
