-- Each of its questions is a walk along the primary key, whatever is asked: planned once, not at every page.
ALTER FUNCTION wall.place_in_list(text, int) SET plan_cache_mode TO 'force_generic_plan';
