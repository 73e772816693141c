package console

import (
	"net/url"
	"slices"

	"xiaobao/casework"
)

// viewed are the lists whose filters can be kept.
var viewed = []string{"touchpoints", "findings", "inspections"}

// saveView keeps the filter of a list under a name. Words looked for are
// taken out of the session, so that the view works in the next one too.
func (c *Console) saveView(v *visit) (reply, error) {
	name, listName := v.text("name"), v.text("list")
	if !slices.Contains(viewed, listName) {
		return c.notFound(v)
	}
	query, err := url.ParseQuery(v.text("query"))
	if err != nil {
		return reply{}, casework.Errorf(casework.Invalid, "the filter cannot be read").InChinese("筛选条件无法识别，请重新筛选").Because(err)
	}
	address := "/" + listName
	if name == "" {
		v.warn(v.t("view.needs_name"))
		return goTo(address + "?" + query.Encode())
	}
	stored := url.Values{}
	for key, values := range query {
		if key != "after" && key != "s" {
			stored[key] = values
		}
	}
	for key, value := range v.recall(query.Get("s")) {
		stored.Set(key, value)
	}
	view := casework.SavedView{Owner: v.User.ID, List: listName, Name: name, Query: stored.Encode()}
	if err := c.Desk.SaveView(v.Context(), v.User, view); err != nil {
		return reply{}, err
	}
	v.say("view.saved", name)
	return goTo(address + "?" + query.Encode())
}

// openView goes to a kept filter.
func (c *Console) openView(v *visit) (reply, error) {
	listName := v.PathValue("list")
	if !slices.Contains(viewed, listName) {
		return c.notFound(v)
	}
	views, err := c.Desk.Views(v.Context(), v.User, listName)
	if err != nil {
		return reply{}, err
	}
	for _, view := range views {
		if view.ID != v.PathValue("id") {
			continue
		}
		query, err := url.ParseQuery(view.Query)
		if err != nil {
			return reply{}, err
		}
		secret := map[string]string{}
		for _, name := range private {
			if query.Has(name) {
				secret[name] = query.Get(name)
				query.Del(name)
			}
		}
		if len(secret) > 0 {
			query.Set("s", v.remember(secret))
		}
		return goTo("/" + listName + "?" + query.Encode())
	}
	return reply{}, casework.Errorf(casework.NotFound, "there is no such view any more").InChinese("这个视图已不存在")
}

// dropView forgets a kept filter.
func (c *Console) dropView(v *visit) (reply, error) {
	if !slices.Contains(viewed, v.PathValue("list")) {
		return c.notFound(v)
	}
	if err := c.Desk.DeleteView(v.Context(), v.User, v.PathValue("id")); err != nil {
		return reply{}, err
	}
	v.say("view.dropped")
	return goTo("/" + v.PathValue("list"))
}
