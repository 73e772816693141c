package casework

import "slices"

// A Channel is where a consumer was met (触点渠道).
type Channel string

// The channels. Their names are part of the fixed formats.
const (
	TelemarketingCall Channel = "telemarketing_call" // 电销外呼
	ServiceChat       Channel = "service_chat"       // 在线客服
	ServiceCall       Channel = "service_call"       // 客服热线
	CollectionCall    Channel = "collection_call"    // 催收外呼
	SMSPush           Channel = "sms_push"           // 短信与推送
	PartnerPage       Channel = "partner_page"       // 合作方页面
	ComplaintChannel  Channel = "complaint"          // 投诉工单与信件
	SocialPost        Channel = "social_post"        // 社交媒体
)

var channelNames = map[Channel][2]string{
	TelemarketingCall: {"电销外呼", "Telemarketing call"},
	ServiceChat:       {"在线客服", "Service chat"},
	ServiceCall:       {"客服热线", "Service call"},
	CollectionCall:    {"催收外呼", "Collection call"},
	SMSPush:           {"短信推送", "SMS and push"},
	PartnerPage:       {"合作方页面", "Partner page"},
	ComplaintChannel:  {"投诉", "Complaint"},
	SocialPost:        {"社交媒体", "Social post"},
}

// Channels are all channels, in the order officers see them.
func Channels() []Channel {
	return []Channel{
		TelemarketingCall, ServiceCall, ServiceChat, CollectionCall,
		SMSPush, PartnerPage, ComplaintChannel, SocialPost,
	}
}

// Known reports whether c is one of the channels.
func (c Channel) Known() bool { return slices.Contains(Channels(), c) }

// Chinese is the name officers see.
func (c Channel) Chinese() string { return named(channelNames, c, 0) }

// English is the name in the English console.
func (c Channel) English() string { return named(channelNames, c, 1) }

// DefaultSpeaker is who speaks where a text does not say: the institution in
// a message or on a page, the consumer in a complaint.
func (c Channel) DefaultSpeaker() Speaker {
	switch c {
	case SMSPush:
		return Message
	case PartnerPage:
		return Page
	case SocialPost:
		return Post
	case ComplaintChannel:
		return Consumer
	}
	return Agent
}

// A Speaker is who said something. The same words by a customer and by staff
// are different events.
type Speaker string

// The speakers.
const (
	Agent      Speaker = "agent"       // 坐席、催收员
	Consumer   Speaker = "customer"    // 客户
	Bot        Speaker = "bot"         // 机器人
	ThirdParty Speaker = "third_party" // 第三人: a relative, colleague or stranger on the line
	Message    Speaker = "message"     // a text message or push
	Page       Speaker = "page"        // the words of a page
	Post       Speaker = "post"        // a public post
	Decision   Speaker = "decision"    // the institution's written reply to a complaint
)

var speakerNames = map[Speaker][2]string{
	Agent:      {"坐席", "Agent"},
	Consumer:   {"客户", "Customer"},
	Bot:        {"机器人", "Bot"},
	ThirdParty: {"第三人", "Third party"},
	Message:    {"消息", "Message"},
	Page:       {"页面", "Page"},
	Post:       {"帖文", "Post"},
	Decision:   {"答复", "Decision"},
}

// Speakers are all speakers.
func Speakers() []Speaker {
	return []Speaker{Agent, Consumer, Bot, ThirdParty, Message, Page, Post, Decision}
}

// Known reports whether s is one of the speakers.
func (s Speaker) Known() bool { return slices.Contains(Speakers(), s) }

// Chinese is the name officers see.
func (s Speaker) Chinese() string { return named(speakerNames, s, 0) }

// English is the name in the English console.
func (s Speaker) English() string { return named(speakerNames, s, 1) }

// named looks a word up by language and falls back to the word itself, so
// that data from a newer release still shows as something.
func named[K ~string](names map[K][2]string, key K, language int) string {
	if pair, ok := names[key]; ok {
		return pair[language]
	}
	return string(key)
}
