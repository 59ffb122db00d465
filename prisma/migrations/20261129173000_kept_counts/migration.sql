-- Lists of a hundred thousand (docs/decisions/0033-lists-are-counted-before-they-are-asked-for.md).

-- A list is read in this order, without sorting what has the same moment.
DROP INDEX "briefings_category_slug_published_at_idx";
DROP INDEX "briefings_published_at_idx";
CREATE INDEX "briefings_category_slug_published_at_slug_idx" ON "briefings"("category_slug", "published_at" DESC, "slug");
CREATE INDEX "briefings_published_at_slug_idx" ON "briefings"("published_at" DESC, "slug");
-- The few that are held back from some.
CREATE INDEX "briefings_early_until" ON "briefings"("early_until") WHERE "early_until" IS NOT NULL;

-- How many briefings are published, those to come and those held back included: by category ('' is all of them together),
-- and by the month, day, hour and minute (UTC) they are published in ('all': without regard to it). Nobody but the owner
-- reads or writes it: who may not know of a briefing may not know of it by counting either.
CREATE TABLE wall.briefing_counts (
  category text NOT NULL,
  unit text NOT NULL,
  since timestamptz NOT NULL,
  n int NOT NULL,
  PRIMARY KEY (category, unit, since)
);
REVOKE ALL ON wall.briefing_counts FROM PUBLIC;

-- The span of that unit a moment falls into.
CREATE FUNCTION wall.span_of(unit text, moment timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE unit WHEN 'all' THEN timestamptz '-infinity' ELSE date_trunc(unit, moment, 'UTC') END
$$;

-- Keeps the counts in the transaction that changes them, statement by statement: a rename of a category moves all of its
-- briefings at once, and an import brings thousands.
CREATE FUNCTION wall.keep_briefing_counts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changes text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT category_slug, published_at, state, 1 AS by FROM after'
    WHEN 'DELETE' THEN 'SELECT category_slug, published_at, state, -1 AS by FROM before'
    ELSE 'SELECT category_slug, published_at, state, 1 AS by FROM after UNION ALL SELECT category_slug, published_at, state, -1 FROM before' END;
BEGIN
  EXECUTE format($sql$
    WITH changed AS (
      SELECT category_slug, date_trunc('minute', published_at, 'UTC') AS minute, sum(by)::int AS n
      FROM (%s) one WHERE state = 'published' AND published_at IS NOT NULL GROUP BY 1, 2 HAVING sum(by) <> 0
    )
    INSERT INTO wall.briefing_counts AS kept (category, unit, since, n)
    SELECT c.category, u.unit, wall.span_of(u.unit, changed.minute), sum(changed.n)
    FROM changed, LATERAL (VALUES (changed.category_slug), ('')) c(category),
      (VALUES ('all'), ('month'), ('day'), ('hour'), ('minute')) u(unit)
    GROUP BY 1, 2, 3 HAVING sum(changed.n) <> 0
    ORDER BY 1, 2, 3
    ON CONFLICT (category, unit, since) DO UPDATE SET n = kept.n + excluded.n
  $sql$, changes);
  RETURN NULL;
END $$;

CREATE TRIGGER "count_inserted" AFTER INSERT ON "briefings" REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION wall.keep_briefing_counts();
CREATE TRIGGER "count_updated" AFTER UPDATE ON "briefings" REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION wall.keep_briefing_counts();
CREATE TRIGGER "count_deleted" AFTER DELETE ON "briefings" REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION wall.keep_briefing_counts();

INSERT INTO wall.briefing_counts (category, unit, since, n)
SELECT c.category, u.unit, wall.span_of(u.unit, b.published_at), count(*)
FROM "briefings" b, LATERAL (VALUES (b.category_slug), ('')) c(category),
  (VALUES ('all'), ('month'), ('day'), ('hour'), ('minute')) u(unit)
WHERE b.state = 'published' AND b.published_at IS NOT NULL
GROUP BY 1, 2, 3;

-- Those of the published ones that are not there for this viewer now: to come, or held back for a higher tier. Few, and
-- found by their own indexes; the policy "published_or_desk" says the same.
CREATE FUNCTION wall.hidden_briefings() RETURNS TABLE (category text, published_at timestamptz)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.category_slug, b.published_at FROM public.briefings b WHERE b.state = 'published' AND b.published_at > now()
  UNION ALL
  SELECT b.category_slug, b.published_at FROM public.briefings b
  WHERE b.early_until > now() AND b.state = 'published' AND b.published_at <= now()
    AND (SELECT wall.rank()) < wall.rank_of(b.early_tier_slug)
$$;

-- How many briefings there are for this viewer now, by category; '' is all of them. Categories without any are not named.
CREATE FUNCTION wall.count_briefings() RETURNS TABLE (category text, n int)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH hidden AS MATERIALIZED (
    SELECT c.category, count(*)::int AS n FROM wall.hidden_briefings() h, LATERAL (VALUES (h.category), ('')) c(category) GROUP BY 1
  )
  SELECT k.category, k.n - coalesce(h.n, 0)
  FROM wall.briefing_counts k LEFT JOIN hidden h USING (category)
  WHERE k.unit = 'all' AND k.n > coalesce(h.n, 0)
$$;

-- Where a page begins that so many newer ones come before, in a list of a category ('' is all): it is what comes after
-- `skip` others of those published before `before`. The list's beginning is (null, 0); (null, null) says that there are not
-- as many. It goes down from months to a minute, and so never counts rows.
CREATE FUNCTION wall.seek_briefings(of_category text, newer int, OUT before timestamptz, OUT skip int)
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
  skip := newer;
  IF newer = 0 THEN
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

REVOKE ALL ON FUNCTION wall.span_of(text, timestamptz), wall.keep_briefing_counts(), wall.hidden_briefings(), wall.count_briefings(), wall.seek_briefings(text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.count_briefings(), wall.seek_briefings(text, int) TO dossier_app;
