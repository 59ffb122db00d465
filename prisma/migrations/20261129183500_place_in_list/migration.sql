DROP FUNCTION wall.seek_briefings(text, int);

-- How many briefings a list of a category ('' is all) has for this viewer, and where a page of it begins that so many newer
-- ones come before, asked together, so that what is hidden is looked for once. The page is what comes after
-- `skip` others of those published before `before`. The list's beginning is (null, 0); (null, null) says that there are not
-- as many. It goes down from months to a minute, and so never counts rows.
CREATE FUNCTION wall.place_in_list(of_category text, newer int, OUT total int, OUT before timestamptz, OUT skip int)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- The latest first, as the spans are gone through; "at" is the first that is not behind us.
  hidden timestamptz[] := ARRAY(
    SELECT h.published_at FROM wall.hidden_briefings() h WHERE of_category = '' OR h.category = of_category ORDER BY 1 DESC);
  at int := 1;
  at_span int;
  one text;
  span record;
  n int;
  low timestamptz := '-infinity';
  high timestamptz := 'infinity';
BEGIN
  total := coalesce((
    SELECT k.n FROM wall.briefing_counts k WHERE k.category = of_category AND k.unit = 'all' AND k.since = '-infinity'), 0)
    - cardinality(hidden);
  skip := newer;
  IF newer = 0 OR newer >= total THEN
    skip := CASE newer WHEN 0 THEN 0 END;
    RETURN;
  END IF;
  FOREACH one IN ARRAY ARRAY['month', 'day', 'hour', 'minute'] LOOP
    before := NULL;
    FOR span IN
      SELECT k.since, k.n FROM wall.briefing_counts k
      WHERE k.category = of_category AND k.unit = one AND k.since >= low AND k.since < high
      ORDER BY k.since DESC
    LOOP
      at_span := at;
      n := span.n;
      WHILE at <= cardinality(hidden) AND hidden[at] >= span.since LOOP
        n := n - 1;
        at := at + 1;
      END LOOP;
      IF skip < n THEN
        at := at_span;
        low := span.since;
        before := (span.since AT TIME ZONE 'UTC' + ('1 ' || one)::interval) AT TIME ZONE 'UTC';
        EXIT;
      END IF;
      skip := skip - n;
    END LOOP;
    IF before IS NULL THEN
      skip := NULL;
      RETURN;
    END IF;
    high := before;
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION wall.place_in_list(text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.place_in_list(text, int) TO dossier_app;
