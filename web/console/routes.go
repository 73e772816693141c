package console

import (
	"slices"

	"xiaobao/casework"
)

// A route is one address. Its page is asked only of users who may do needs;
// form is the page that holds the form a POST came from, where the entries
// are offered again if the session was lost meanwhile.
type route struct {
	pattern string
	page    page
	needs   casework.Action // empty: everyone who is logged in
	open    bool            // for everyone
	form    string
	uploads bool // takes files, and bounds them itself
}

// routes is every address there is, in the order of the menu.
func (c *Console) routes() []route {
	return slices.Concat(c.inspectionRoutes(), c.recordRoutes(), c.modelRoutes(), c.institutionRoutes())
}

// inspectionRoutes are logging in, the home page and the work on inspections.
func (c *Console) inspectionRoutes() []route {
	return []route{
		{pattern: "GET /login", page: c.login, open: true},
		{pattern: "POST /login", page: c.logIn, open: true},
		{pattern: "POST /logout", page: c.logOut, open: true},
		{pattern: "POST /language", page: c.setLanguage, open: true},
		{pattern: "POST /theme", page: c.setTheme, open: true},

		{pattern: "GET /{$}", page: c.home},

		{pattern: "GET /touchpoints", page: c.touchpoints, needs: casework.ViewTouchpoints},
		{pattern: "POST /touchpoints", page: c.filterTouchpoints, needs: casework.ViewTouchpoints, form: "/touchpoints"},
		{pattern: "GET /touchpoints/export", page: c.exportTouchpoints, needs: casework.ExportData},
		{pattern: "GET /touchpoints/{id}", page: c.touchpoint, needs: casework.ViewTouchpoints},
		{pattern: "POST /touchpoints/{id}/reveal", page: c.revealTouchpoint, needs: casework.RevealPersonal, form: "/touchpoints/{id}"},

		{pattern: "GET /inspections", page: c.inspections, needs: casework.ViewInspections},
		{pattern: "POST /inspections/filter", page: c.filterInspections, needs: casework.ViewInspections, form: "/inspections"},
		{pattern: "GET /inspections/export", page: c.exportInspections, needs: casework.ExportData},
		{pattern: "GET /inspections/new", page: c.newInspection, needs: casework.StartInspection},
		{pattern: "POST /inspections/preview", page: c.previewInspection, needs: casework.StartInspection, form: "/inspections/new"},
		{pattern: "POST /inspections", page: c.startInspection, needs: casework.StartInspection, form: "/inspections/new"},
		{pattern: "GET /inspections/{id}", page: c.inspection, needs: casework.ViewInspections},
		{pattern: "GET /inspections/{id}/progress", page: c.inspectionProgress, needs: casework.ViewInspections},
		{pattern: "GET /inspections/{id}/events", page: c.inspectionEvents, needs: casework.ViewInspections},
		{pattern: "GET /inspections/{id}/items/export", page: c.exportItems, needs: casework.ExportData},
		{pattern: "GET /inspections/{id}/report", page: c.report, needs: casework.ViewInspections},
		{pattern: "GET /inspections/{id}/report.xlsx", page: c.reportFile, needs: casework.ExportData},
		{pattern: "POST /inspections/{id}/submit", page: c.submitReport, needs: casework.SubmitReport, form: "/inspections/{id}"},
		{pattern: "POST /inspections/{id}/confirm", page: c.confirmReport, needs: casework.ConfirmReport, form: "/inspections/{id}"},
		{pattern: "POST /inspections/{id}/cancel", page: c.cancelInspection, needs: casework.CancelInspection, form: "/inspections/{id}"},

		{pattern: "GET /findings", page: c.findings, needs: casework.ViewInspections},
		{pattern: "POST /findings/filter", page: c.filterFindings, needs: casework.ViewInspections, form: "/findings"},
		{pattern: "GET /findings/export", page: c.exportFindings, needs: casework.ExportData},
		{pattern: "POST /findings/decide", page: c.decideFindings, needs: casework.DecideFindings, form: "/findings"},
		{pattern: "GET /findings/{id}", page: c.finding, needs: casework.ViewInspections},
		{pattern: "POST /findings/{id}/decide", page: c.decideFinding, needs: casework.DecideFindings, form: "/findings/{id}"},

		{pattern: "GET /questions", page: c.questions, needs: casework.AnswerQuestions},
		{pattern: "GET /questions/export", page: c.exportQuestions, needs: casework.ExportData},
		{pattern: "GET /questions/{id}", page: c.question, needs: casework.AnswerQuestions},
		{pattern: "POST /questions/{id}", page: c.answerQuestion, needs: casework.AnswerQuestions, form: "/questions/{id}"},
	}
}

// recordRoutes are schedules, the rulebook and data that comes in.
func (c *Console) recordRoutes() []route {
	return []route{
		{pattern: "GET /schedules", page: c.schedules, needs: casework.ManageSchedules},
		{pattern: "GET /schedules/export", page: c.exportSchedules, needs: casework.ExportData},
		{pattern: "GET /schedules/new", page: c.newSchedule, needs: casework.ManageSchedules},
		{pattern: "POST /schedules", page: c.addSchedule, needs: casework.ManageSchedules, form: "/schedules/new"},
		{pattern: "GET /schedules/{id}/edit", page: c.editSchedule, needs: casework.ManageSchedules},
		{pattern: "POST /schedules/{id}/edit", page: c.changeSchedule, needs: casework.ManageSchedules, form: "/schedules/{id}/edit"},
		{pattern: "POST /schedules/{id}/{step}", page: c.stepSchedule, needs: casework.ManageSchedules, form: "/schedules"},

		{pattern: "GET /rulebook", page: c.rulebook, needs: casework.ViewRulebook},
		{pattern: "GET /rulebook/export", page: c.exportRulebook, needs: casework.ViewRulebook},
		{pattern: "GET /rulebook/try", page: c.tryText, needs: casework.ViewRulebook},
		{pattern: "POST /rulebook/try", page: c.screenText, needs: casework.ViewRulebook},
		{pattern: "GET /rulebook/{kind}/{id}", page: c.rulebookEntry, needs: casework.ViewRulebook},

		{pattern: "GET /imports", page: c.imports, needs: casework.ImportData},
		{pattern: "GET /imports/export", page: c.exportImports, needs: casework.ImportData},
		{pattern: "GET /imports/new", page: c.newImport, needs: casework.ImportData},
		{pattern: "GET /imports/{kind}/template", page: c.importTemplate, needs: casework.ImportData},
		{pattern: "POST /imports", page: c.startImport, needs: casework.ImportData, form: "/imports/new", uploads: true},
		{pattern: "GET /imports/{id}", page: c.importRun, needs: casework.ImportData},
		{pattern: "GET /imports/{id}/progress", page: c.importProgress, needs: casework.ImportData},
		{pattern: "GET /imports/{id}/problems", page: c.exportProblems, needs: casework.ImportData},
		{pattern: "POST /imports/{id}/run", page: c.runImport, needs: casework.ImportData, form: "/imports/{id}"},
	}
}

// institutionRoutes are people, units, the audit trail and what users keep.
func (c *Console) institutionRoutes() []route {
	return []route{
		{pattern: "GET /users", page: c.users, needs: casework.ManageUsers},
		{pattern: "GET /users/export", page: c.exportUsers, needs: casework.ManageUsers},
		{pattern: "POST /users", page: c.addUser, needs: casework.ManageUsers, form: "/users"},
		{pattern: "POST /users/{id}/active", page: c.setUserActive, needs: casework.ManageUsers, form: "/users"},
		{pattern: "POST /users/{id}/password", page: c.resetPassword, needs: casework.ManageUsers, form: "/users"},
		{pattern: "GET /organisations", page: c.organisations, needs: casework.ViewOrganisations},
		{pattern: "GET /organisations/export", page: c.exportOrganisations, needs: casework.ViewOrganisations},
		{pattern: "POST /organisations", page: c.addOrganisation, needs: casework.ManageUsers, form: "/organisations"},

		{pattern: "GET /audit", page: c.audit, needs: casework.ViewAudit},
		{pattern: "GET /audit/export", page: c.exportAudit, needs: casework.ViewAudit},
		{pattern: "POST /audit/verify", page: c.verifyAudit, needs: casework.ViewAudit, form: "/audit"},

		{pattern: "POST /views", page: c.saveView, form: "/"},
		{pattern: "GET /views/{list}/{id}", page: c.openView},
		{pattern: "POST /views/{list}/{id}/drop", page: c.dropView, form: "/"},
		{pattern: "GET /profile", page: c.profile},
		{pattern: "POST /profile/password", page: c.changePassword, form: "/profile"},
		{pattern: "GET /about", page: c.about},
	}
}
