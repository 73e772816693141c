package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
)

// ConsultName is what Consult is called in every history.
const ConsultName = "Consult"

// ConsultationWorkflowID is the workflow id of a consultation.
func ConsultationWorkflowID(consultation string) string { return "consultation/" + consultation }

// A ConsultationOrder asks about one document, which stays in the database.
type ConsultationOrder struct {
	ID      string           `json:"id"`
	Purpose casework.Purpose `json:"purpose"`
}

// A ConsultationClosing is what a consultation came to.
type ConsultationClosing struct {
	ID      string                      `json:"id"`
	Status  casework.ConsultationStatus `json:"status"`
	Engine  casework.Engine             `json:"engine,omitempty"`
	Trouble casework.ModelTrouble       `json:"trouble,omitempty"` // why it was not a model
}

// AnswerConsultation asks a model about the document or, where none can be
// asked, answers by plainer means, and saves the answer.
var AnswerConsultation = Activity[ConsultationOrder, ConsultationClosing]{"AnswerConsultation", answering()}

// FailConsultation writes down that nothing could answer.
var FailConsultation = Activity[ConsultationOrder, ConsultationClosing]{"FailConsultation", brief("write down that there is no answer")}

// consultWithin is how long whoever consults waits at most. The activity goes
// without a model well before.
const consultWithin = 10 * time.Minute

func answering() workflow.ActivityOptions {
	options := asking("answer", ModelQueue)
	options.StartToCloseTimeout = 5 * time.Minute
	options.ScheduleToCloseTimeout = consultWithin
	return options
}

// Consult (辅助研判) answers one question about one document. What answers it is
// written down with the answer, which decides nothing by itself.
func Consult(ctx workflow.Context, order ConsultationOrder) (ConsultationClosing, error) {
	workflow.SetCurrentDetails(ctx, "reading the document")
	if err := show(ctx, order.ID, string(casework.ConsultationAsked), time.Time{}); err != nil {
		return ConsultationClosing{}, err
	}
	closing, err := AnswerConsultation.About(ctx, "answer: "+string(order.Purpose), order)
	if err != nil {
		cancelled := temporal.IsCanceledError(err)
		ctx, _ := workflow.NewDisconnectedContext(ctx)
		failed, recorded := FailConsultation.Do(ctx, order)
		if recorded != nil {
			return failed, recorded
		}
		closing = failed
		if !cancelled {
			err = nil // there is no answer, and that is on file
		}
	}
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	workflow.SetCurrentDetails(ctx, closing.told())
	if failed := show(ctx, order.ID, string(closing.Status), time.Time{}); failed != nil {
		return closing, failed
	}
	return closing, err
}

// told says in the Temporal UI who answered.
func (c ConsultationClosing) told() string {
	switch {
	case c.Status == casework.ConsultationFailed:
		return "nothing could answer"
	case c.Trouble != "":
		return "answered by " + string(c.Engine) + ", because of " + string(c.Trouble)
	}
	return "answered by " + string(c.Engine)
}
