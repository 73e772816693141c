package rulebook

// Queries are the named queries over the records that checklist items may be
// tested with. Each stands for one condition over histories that no single
// touchpoint shows; the SQL behind the names is the store's.
func Queries() []string {
	return []string{
		"collection_curfew",     // collection contacts in the hours of rest
		"collection_frequency",  // effective collection contacts above the daily limit, per debtor
		"complaint_clock",       // complaints decided or answered after their limit
		"conflict_handler",      // complaints handled by who is complained of
		"consent_missing",       // marketing contacts without consent on file
		"contact_after_refusal", // collection contacts with people who refused
		"contact_after_optout",  // marketing contacts after the consumer refused
		"marketing_frequency",   // marketing calls above the daily limit, per customer
		"marketing_hours",       // marketing calls outside the window
		"material_unapproved",   // material published without clearance of that version
		"stop_flag_violation",   // collection contacts while collection is stopped
		"third_party_contact",   // collection contacts with people who are not the debtor
	}
}
