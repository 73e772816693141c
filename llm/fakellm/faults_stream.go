package fakellm

import (
	"encoding/json"
	"strings"
)

// streams are row 7. They answer with a stream whether one was asked for or
// not, as some gateways do.
func streams() []fault {
	f := func(name string, step func(x *Exchange)) fault { return fault{name, 7, step} }
	return []fault{
		f("stream_without_end", func(x *Exchange) { // a bare EOF looks like a finished stream
			x.beginStream()
			list := x.chunks(x.honestly())
			x.events(list[:len(list)-1])
		}),
		f("stream_cut_in_line", func(x *Exchange) {
			x.beginStream()
			list := x.chunks(x.honestly())
			x.events(list[:len(list)/2])
			x.write(`data: {"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"cont`)
		}),
		f("stream_error", func(x *Exchange) {
			x.beginStream()
			x.events(x.chunks(x.honestly())[:2])
			x.write(`data: {"error":{"message":"upstream failed","type":"server_error","code":"internal_error"}}` + "\n\n")
		}),
		f("stream_error_spaced", func(x *Exchange) { // a prefix search for {"error" misses it
			x.beginStream()
			x.events(x.chunks(x.honestly())[:2])
			x.write(`data: { "error": {"message":"upstream failed","type":"server_error","code":"internal_error"}}` + "\n\n")
		}),
		f("stream_error_first", func(x *Exchange) {
			x.beginStream()
			x.write(`data: {"error":{"message":"Too many requests","type":"rate_limit_error","code":"rate_limit_exceeded"}}` + "\n\n")
		}),
		f("stream_keep_alive", func(x *Exchange) {
			x.beginStream()
			x.write(strings.Repeat(": keep-alive\n\n", 400))
			x.finish(x.honestly(), true)
		}),
		f("stream_usage_only", func(x *Exchange) {
			x.beginStream()
			reply := x.honestly()
			x.events(x.chunks(reply))
			last := x.chunk(nil, nil)
			last["choices"], last["usage"] = []any{}, x.usage(reply)
			x.events([]map[string]any{last})
			x.done(reply)
		}),
		f("stream_without_done", func(x *Exchange) {
			x.beginStream()
			x.finish(x.honestly(), false)
		}),
		f("stream_length", func(x *Exchange) {
			x.beginStream()
			reply := x.honestly()
			runes := []rune(reply.Content)
			reply.Content, reply.Finish, reply.JSON = string(runes[:len(runes)/2]), "length", nil
			x.finish(reply, true)
		}),
		f("stream_empty", func(x *Exchange) {
			x.beginStream()
			x.write("data: [DONE]\n\n")
		}),
	}
}

// honestly is the honest reply, noted as begun.
func (x *Exchange) honestly() Reply {
	reply := x.bounded(x.Honest())
	x.entry.answered(reply)
	return reply
}

func (x *Exchange) events(list []map[string]any) {
	for _, c := range list {
		x.event(c)
	}
}

// finish streams a reply to its end, with or without the word that ends it.
func (x *Exchange) finish(reply Reply, done bool) {
	x.events(x.chunks(reply))
	if done {
		x.done(reply)
		return
	}
	x.entry.whole(reply)
}

func (x *Exchange) done(reply Reply) {
	if x.write("data: [DONE]\n\n") {
		x.entry.whole(reply)
	}
}

// finishes are row 8: the answer ends for a reason that is not its end.
func finishes() []fault {
	ending := func(name string, change func(r *Reply)) fault {
		return fault{name, 8, func(x *Exchange) {
			reply := x.Honest()
			change(&reply)
			x.Send(reply)
		}}
	}
	return []fault{
		ending("finish_length", func(r *Reply) {
			runes := []rune(r.Content)
			r.Content, r.Finish, r.JSON = string(runes[:len(runes)*2/3]), "length", nil
		}),
		ending("finish_length_whole", func(r *Reply) { r.Finish = "length" }),
		ending("finish_filter", func(r *Reply) { r.Content, r.Finish, r.JSON = "", "content_filter", nil }),
		ending("finish_filter_partial", func(r *Reply) {
			r.Content, r.Finish, r.JSON = string([]rune(r.Content)[:8]), "content_filter", nil
		}),
		ending("refusal", func(r *Reply) {
			r.Content, r.Refusal, r.JSON = "", "很抱歉，我无法协助处理这一请求。", nil
		}),
		ending("tool_calls", func(r *Reply) { r.Content, r.Tool, r.Finish, r.JSON = "", "judge", "tool_calls", nil }),
		ending("finish_unknown", func(r *Reply) { r.Finish, r.JSON = "insufficient_system_resource", nil }),
		{"finish_missing", 8, (*Exchange).sendUnfinished},
	}
}

// sendUnfinished sends an answer that does not say why it ended.
func (x *Exchange) sendUnfinished() {
	reply := x.honestly()
	body := x.completion(reply)
	if choices, ok := body["choices"].([]any); ok {
		if choice, ok := choices[0].(map[string]any); ok {
			choice["finish_reason"] = nil
		}
	}
	sent, err := json.Marshal(body)
	if err != nil {
		sent = nil
	}
	x.Raw(200, "application/json", string(sent))
}
