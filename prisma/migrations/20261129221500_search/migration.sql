-- Search (docs/decisions/0043-search-behind-the-wall.md).
--
-- The search vector of a passage lies on its row, behind its policies. Those of the public texts of a briefing lie in
-- wall.search_texts, one row for each language, which is the owner's alone. wall.search looks through both with their
-- indexes, as the owner, and answers only what the viewer of the signed context may read now.

DO $$
DECLARE
  name text;
  unaccent text;
  trigrams text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'unaccent') THEN
    CREATE EXTENSION unaccent SCHEMA wall;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
    CREATE EXTENSION pg_trgm SCHEMA wall;
  END IF;
  SELECT extnamespace::regnamespace::text INTO unaccent FROM pg_extension WHERE extname = 'unaccent';
  SELECT extnamespace::regnamespace::text INTO trigrams FROM pg_extension WHERE extname = 'pg_trgm';

  -- A configuration for each language that Postgres knows: as Postgres has it, accents left out first.
  FOREACH name IN ARRAY ARRAY['simple', 'arabic', 'armenian', 'basque', 'catalan', 'danish', 'dutch', 'english', 'finnish',
    'french', 'german', 'greek', 'hindi', 'hungarian', 'indonesian', 'irish', 'italian', 'lithuanian', 'nepali', 'norwegian',
    'portuguese', 'romanian', 'russian', 'serbian', 'spanish', 'swedish', 'tamil', 'turkish', 'yiddish'] LOOP
    EXECUTE format('CREATE TEXT SEARCH CONFIGURATION wall.%I (COPY = pg_catalog.%I)', name, name);
    EXECUTE format('ALTER TEXT SEARCH CONFIGURATION wall.%I ALTER MAPPING FOR hword, hword_part, word WITH %s.unaccent, pg_catalog.%I',
      name, unaccent, CASE name WHEN 'simple' THEN 'simple' ELSE name || '_stem' END);
  END LOOP;

  -- Words of public texts, for whoever mistypes one. One is proposed only if wall.search finds something with it.
  CREATE TABLE wall.search_words (word text PRIMARY KEY);
  EXECUTE format('CREATE INDEX search_words_alike ON wall.search_words USING gin (word %s.gin_trgm_ops)', trigrams);
END $$;
REVOKE ALL ON wall.search_words FROM PUBLIC;

-- The configuration for a language, by its BCP 47 code.
CREATE FUNCTION wall.search_config(lang text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (CASE split_part(lower(lang), '-', 1)
    WHEN 'ar' THEN 'wall.arabic' WHEN 'hy' THEN 'wall.armenian' WHEN 'eu' THEN 'wall.basque' WHEN 'ca' THEN 'wall.catalan'
    WHEN 'da' THEN 'wall.danish' WHEN 'nl' THEN 'wall.dutch' WHEN 'en' THEN 'wall.english' WHEN 'fi' THEN 'wall.finnish'
    WHEN 'fr' THEN 'wall.french' WHEN 'de' THEN 'wall.german' WHEN 'el' THEN 'wall.greek' WHEN 'hi' THEN 'wall.hindi'
    WHEN 'hu' THEN 'wall.hungarian' WHEN 'id' THEN 'wall.indonesian' WHEN 'ga' THEN 'wall.irish' WHEN 'it' THEN 'wall.italian'
    WHEN 'lt' THEN 'wall.lithuanian' WHEN 'ne' THEN 'wall.nepali' WHEN 'nb' THEN 'wall.norwegian' WHEN 'nn' THEN 'wall.norwegian'
    WHEN 'no' THEN 'wall.norwegian' WHEN 'pt' THEN 'wall.portuguese' WHEN 'ro' THEN 'wall.romanian' WHEN 'ru' THEN 'wall.russian'
    WHEN 'sr' THEN 'wall.serbian' WHEN 'es' THEN 'wall.spanish' WHEN 'sv' THEN 'wall.swedish' WHEN 'ta' THEN 'wall.tamil'
    WHEN 'tr' THEN 'wall.turkish' WHEN 'yi' THEN 'wall.yiddish' ELSE 'wall.simple' END)::regconfig
$$;

-- The vector of one text. What is beyond a length that no briefing has is not searched, since Postgres refuses more.
CREATE FUNCTION wall.search_vector(lang text, written text, weight "char") RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector(wall.search_config(lang), left(coalesce(written, ''), 100000)), weight)
$$;

-- A mark in a vector, which no text can make: of a language (=l:en), of a kind (=k:trend), of a tier of its own (=t:…).
CREATE FUNCTION wall.search_mark(mark text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ('''' || replace(replace(mark, '\', '\\'), '''', '''''') || '''')::tsquery $$;

-- Languages that texts are written in: what is looked for is asked in each.
CREATE TABLE wall.search_langs (lang text PRIMARY KEY);
REVOKE ALL ON wall.search_langs FROM PUBLIC;

-- Passages ---------------------------------------------------------------------------------------------------------

ALTER TABLE "passages" ADD COLUMN "search" tsvector;
CREATE INDEX "passages_search_idx" ON "passages" USING gin ("search") WITH (fastupdate = off);

-- The vector goes with whatever it is made of. What has ended, and a restore point, has none. The marks let the index pass
-- over what a viewer may not read; what they say is compared with the row again.
CREATE FUNCTION wall.keep_passage_vector() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.until_revision IS NOT NULL OR NEW.restore_point_id IS NOT NULL THEN
    NEW.search := NULL;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.search IS NOT NULL AND (OLD.text, OLD.lang, OLD.kind, OLD.tier_slug, OLD.tier_until)
    IS NOT DISTINCT FROM (NEW.text, NEW.lang, NEW.kind, NEW.tier_slug, NEW.tier_until) THEN
    NEW.search := OLD.search;
    RETURN NEW;
  END IF;
  NEW.search := wall.search_vector(NEW.lang, NEW.text, 'C') || array_to_tsvector(array_remove(ARRAY[
    '=l:' || NEW.lang, '=k:' || NEW.kind::text,
    CASE WHEN NEW.tier_slug IS NOT NULL THEN '=t' END, '=t:' || NEW.tier_slug,
    CASE WHEN NEW.tier_until IS NOT NULL THEN '=u' END], NULL));
  INSERT INTO wall.search_langs VALUES (NEW.lang) ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;
CREATE TRIGGER "search" BEFORE INSERT OR UPDATE ON "passages" FOR EACH ROW EXECUTE FUNCTION wall.keep_passage_vector();

-- Public texts -----------------------------------------------------------------------------------------------------

-- Vectors apart from the narrow rows: what is found is read without them.
CREATE TABLE wall.search_texts (
  briefing_id uuid NOT NULL REFERENCES public.briefings ("id") ON DELETE CASCADE,
  lang text NOT NULL,
  vector tsvector NOT NULL,
  PRIMARY KEY (briefing_id, lang)
) WITH (toast_tuple_target = 128);
CREATE INDEX search_texts_vector ON wall.search_texts USING gin (vector) WITH (fastupdate = off);
REVOKE ALL ON wall.search_texts FROM PUBLIC;

-- Briefings whose texts have changed in a transaction; looked after at its end, so that a save is looked after once.
CREATE TABLE wall.search_pending (briefing_id uuid PRIMARY KEY);
REVOKE ALL ON wall.search_pending FROM PUBLIC;

-- Makes the vectors of a briefing anew: title and organizations first, then what stands above the body, then the body,
-- then its sources. A working copy has none.
CREATE FUNCTION wall.refresh_search_texts(of_briefing uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one record;
BEGIN
  DELETE FROM wall.search_texts t WHERE t.briefing_id = of_briefing;
  FOR one IN
    SELECT l.lang, e.title,
      (SELECT string_agg(o.name, E'\n' ORDER BY k.position) FROM public.linked_organizations k
        JOIN public.organizations o ON o.slug = k.organization_slug WHERE k.briefing_id = b.id) AS organizations,
      concat_ws(E'\n', e.summary, e.topic, e.lead,
        (SELECT string_agg(f.value, E'\n') FROM public.facts f WHERE f.briefing_id = b.id AND f.lang = l.lang),
        (SELECT string_agg(i.text, E'\n' ORDER BY i.position) FROM public.list_items i WHERE i.briefing_id = b.id AND i.lang = l.lang)) AS above,
      concat_ws(E'\n', e.body,
        (SELECT string_agg(x.text, E'\n') FROM public.explanations x WHERE x.briefing_id = b.id AND x.lang = l.lang)) AS body,
      (SELECT string_agg(concat_ws(E'\n', s.title, s.description), E'\n') FROM public.sources r
        JOIN public.source_texts s ON s.source_id = r.id WHERE r.briefing_id = b.id AND s.lang = l.lang) AS sources
    FROM public.briefings b
    JOIN LATERAL (
      SELECT e.lang FROM public.editions e WHERE e.briefing_id = b.id
      UNION SELECT f.lang FROM public.facts f WHERE f.briefing_id = b.id
      UNION SELECT i.lang FROM public.list_items i WHERE i.briefing_id = b.id
      UNION SELECT x.lang FROM public.explanations x WHERE x.briefing_id = b.id
      UNION SELECT s.lang FROM public.sources r JOIN public.source_texts s ON s.source_id = r.id WHERE r.briefing_id = b.id) l ON true
    LEFT JOIN public.editions e ON e.briefing_id = b.id AND e.lang = l.lang
    WHERE b.id = of_briefing AND b.copy_of IS NULL
  LOOP
    INSERT INTO wall.search_texts VALUES (of_briefing, one.lang, array_to_tsvector(ARRAY['=l:' || one.lang])
      || wall.search_vector(one.lang, one.title, 'A') || wall.search_vector(one.lang, one.organizations, 'A')
      || wall.search_vector(one.lang, one.above, 'B') || wall.search_vector(one.lang, one.body, 'C')
      || wall.search_vector(one.lang, one.sources, 'D'));
    INSERT INTO wall.search_langs VALUES (one.lang) ON CONFLICT DO NOTHING;
    INSERT INTO wall.search_words
    SELECT DISTINCT lower(p.token) AS word
    FROM ts_parse('default', left(concat_ws(E'\n', one.title, one.organizations, one.above, one.body), 100000)) p
    WHERE p.tokid IN (1, 2, 10, 11) AND length(p.token) BETWEEN 4 AND 40
    ORDER BY 1
    ON CONFLICT DO NOTHING;
  END LOOP;
END $$;

CREATE FUNCTION wall.refresh_pending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM wall.search_pending p WHERE p.briefing_id = NEW.briefing_id;
  IF FOUND THEN
    PERFORM wall.refresh_search_texts(NEW.briefing_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "refresh" AFTER INSERT ON wall.search_pending DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION wall.refresh_pending();

-- Which briefings the rows of a statement belong to.
CREATE FUNCTION wall.search_texts_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owners text := CASE TG_TABLE_NAME
    WHEN 'source_texts' THEN 'SELECT s.briefing_id FROM changed c JOIN public.sources s ON s.id = c.source_id'
    WHEN 'organizations' THEN 'SELECT k.briefing_id FROM changed c JOIN public.linked_organizations k ON k.organization_slug = c.slug'
    ELSE 'SELECT c.briefing_id FROM changed c' END;
BEGIN
  EXECUTE format('INSERT INTO wall.search_pending SELECT b.id FROM public.briefings b WHERE b.copy_of IS NULL AND b.id IN (%s) ORDER BY b.id ON CONFLICT DO NOTHING', owners);
  RETURN NULL;
END $$;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['editions', 'explanations', 'facts', 'list_items', 'linked_organizations', 'source_texts', 'sources'] LOOP
    EXECUTE format('CREATE TRIGGER "search_deleted" AFTER DELETE ON %I REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wall.search_texts_changed()', name);
    IF name <> 'sources' THEN
      EXECUTE format('CREATE TRIGGER "search_inserted" AFTER INSERT ON %I REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wall.search_texts_changed()', name);
      EXECUTE format('CREATE TRIGGER "search_updated" AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION wall.search_texts_changed()', name);
    END IF;
  END LOOP;
  CREATE TRIGGER "search_updated" AFTER UPDATE ON "organizations" REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION wall.search_texts_changed();
END $$;

-- Looking ----------------------------------------------------------------------------------------------------------

-- What is looked for with one term, asked in every language that texts are written in; null: in none it says anything.
-- `marked` asks each language of its own texts alone.
CREATE FUNCTION wall.search_term(term jsonb, marked boolean) RETURNS tsquery
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said text := left(term ->> 'text', 200);
  mode text := term ->> 'mode';
  config regconfig;
  spoken text;
  one tsquery;
  whole tsquery;
BEGIN
  FOR spoken IN SELECT l.lang FROM wall.search_langs l ORDER BY 1 LOOP
    config := wall.search_config(spoken);
    one := CASE mode WHEN 'phrase' THEN phraseto_tsquery(config, said) ELSE plainto_tsquery(config, said) END;
    IF mode = 'beginning' THEN
      -- A stem may be shorter than what was typed, and longer than the stem of the whole word.
      IF numnode(one) > 0 THEN
        one := (one::text || ':*')::tsquery;
      END IF;
      IF numnode(plainto_tsquery('wall.simple', said)) > 0 THEN
        one := one || (plainto_tsquery('wall.simple', said)::text || ':*')::tsquery;
      END IF;
    END IF;
    CONTINUE WHEN numnode(one) = 0;
    IF marked THEN
      one := one && wall.search_mark('=l:' || spoken);
    END IF;
    whole := CASE WHEN whole IS NULL THEN one ELSE whole || one END;
  END LOOP;
  RETURN whole;
END $$;

-- The policy "rank_opens" as a filter, for a viewer whom these kinds and tiers are open to; it says the same of a row.
CREATE FUNCTION wall.search_opens(of_kind text, own_tier text, own_until timestamptz, kinds text[], tiers text[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT of_kind = ANY (kinds) AND (own_tier IS NULL OR own_tier = ANY (tiers) OR own_until <= now())
$$;

-- Is a briefing there for such a viewer ("published_or_desk"), and is it one of those that are asked for?
CREATE FUNCTION wall.search_admits(b public.briefings, asked jsonb, tiers text[], drafts boolean) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT b.copy_of IS NULL
    AND (drafts OR (b.state = 'published' AND b.published_at <= now()
      AND (b.early_tier_slug IS NULL OR b.early_until <= now() OR b.early_tier_slug = ANY (tiers))))
    AND (asked ->> 'category' IS NULL OR b.category_slug = asked ->> 'category')
    AND (asked ->> 'type' IS NULL OR b.type::text = asked ->> 'type')
    AND (asked ->> 'domain' IS NULL OR b.domain::text = asked ->> 'domain')
    AND (asked ->> 'impact' IS NULL OR b.impact::text = asked ->> 'impact')
    AND (asked ->> 'low' IS NULL OR b.confidence * 100 >= (asked ->> 'low')::int)
    AND (asked ->> 'high' IS NULL OR b.confidence * 100 <= (asked ->> 'high')::int)
    AND (asked ->> 'since' IS NULL OR b.published_at >= (asked ->> 'since')::timestamptz)
    AND (asked ->> 'until' IS NULL OR b.published_at < (asked ->> 'until')::timestamptz)
$$;

-- About how many texts a query is found in, as the planner believes: which of several to begin with.
CREATE FUNCTION wall.search_size(q tsquery) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  texts json;
  gated json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM wall.search_texts t WHERE t.vector @@ $1' INTO texts USING q;
  EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM public.passages p WHERE p.search @@ $1' INTO gated USING q;
  RETURN (texts -> 0 -> 'Plan' ->> 'Plan Rows')::bigint + (gated -> 0 -> 'Plan' ->> 'Plan Rows')::bigint;
END $$;

-- The briefings that a viewer finds, in order: each of them is there for this viewer now, and every word that finds it, or
-- keeps it out, stands in a text of it that this viewer may read now. Asked as
--   terms         [{text, mode: word | phrase | beginning, not}]: all of these
--   lang          the language words are typed in: what is in it too common to be looked for is left out
--   category, type, domain, impact, region, organization, low and high (a score in hundredths), since and until
--   sort          relevance, newest or oldest
--   most          no more than so many; where more are found, the newest of them (the oldest, where these come first)
--   desk          drafts too, for whoever sees these
CREATE FUNCTION wall.search(asked jsonb) RETURNS TABLE (place int, briefing_id uuid, score real)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  -- So many can be looked at one by one.
  few CONSTANT int := 1000;
  viewer_rank int := wall.rank();
  drafts boolean := coalesce((asked ->> 'desk')::boolean, false) AND wall.sees_drafts();
  most int := least((asked ->> 'most')::int, few + 1);
  sort text := coalesce(asked ->> 'sort', 'newest');
  kinds text[] := ARRAY(SELECT g.kind::text FROM public.gates g WHERE wall.required_rank(g.kind, NULL, NULL) <= viewer_rank);
  tiers text[] := ARRAY(SELECT t.slug FROM public.tiers t WHERE t.rank <= viewer_rank);
  gate tsquery;
  own tsquery := !!wall.search_mark('=t') || wall.search_mark('=u');
  term jsonb;
  q tsquery;
  queries tsquery[] := '{}';
  sizes bigint[] := '{}';
  excluded tsquery;
  ranking tsquery;
  said boolean := false;
  batch int;
  one int;
  ids uuid[];
  hits uuid[];
BEGIN
  FOR one IN 1 .. cardinality(kinds) LOOP
    gate := CASE WHEN gate IS NULL THEN wall.search_mark('=k:' || kinds[one]) ELSE gate || wall.search_mark('=k:' || kinds[one]) END;
  END LOOP;
  FOR one IN 1 .. cardinality(tiers) LOOP
    own := own || wall.search_mark('=t:' || tiers[one]);
  END LOOP;
  gate := gate && own;

  FOR term IN SELECT t FROM jsonb_array_elements(asked -> 'terms') t LOOP
    q := wall.search_term(term, true);
    IF coalesce((term ->> 'not')::boolean, false) THEN
      excluded := CASE WHEN excluded IS NULL THEN q WHEN q IS NULL THEN excluded ELSE excluded || q END;
      CONTINUE;
    END IF;
    said := true;
    CONTINUE WHEN q IS NULL OR (term ->> 'mode' = 'word'
      AND numnode(plainto_tsquery(wall.search_config(coalesce(asked ->> 'lang', 'en')), term ->> 'text')) = 0);
    queries := queries || q;
    q := wall.search_term(term, false);
    ranking := CASE WHEN ranking IS NULL THEN q ELSE ranking || q END;
  END LOOP;
  IF said AND cardinality(queries) = 0 THEN
    RETURN;
  END IF;
  SELECT coalesce(array_agg(s.q ORDER BY s.size, s.i), '{}'), coalesce(array_agg(s.size ORDER BY s.size, s.i), '{}') INTO queries, sizes
  FROM (SELECT a.q, a.i, wall.search_size(a.q) AS size FROM unnest(queries) WITH ORDINALITY a (q, i)) s;

  -- Where each is in many, the newest are looked at one after the other: soon there are enough.
  IF sizes[1] > 5 * few AND sort <> 'oldest' THEN
    FOR batch IN 0 .. 9 LOOP
      ids := coalesce(ids, '{}') || ARRAY(
        SELECT n.id FROM (
          SELECT b.id FROM public.briefings b WHERE wall.search_admits(b, asked, tiers, drafts)
          ORDER BY b.published_at DESC, b.slug OFFSET batch * 2 * few LIMIT 2 * few) n
        WHERE NOT EXISTS (
          SELECT FROM unnest(queries) a (q)
          WHERE NOT EXISTS (SELECT FROM wall.search_texts t WHERE t.briefing_id = n.id AND t.vector @@ a.q)
            AND NOT EXISTS (SELECT FROM public.passages p WHERE p.briefing_id = n.id AND p.search @@ (a.q && gate)
              AND wall.search_opens(p.kind::text, p.tier_slug, p.tier_until, kinds, tiers))));
      EXIT WHEN cardinality(ids) >= most;
    END LOOP;
    -- More may be hit by what narrows them further, and by what is left out: then all are looked for.
    IF cardinality(ids) < most OR excluded IS NOT NULL OR asked ?| ARRAY['region', 'organization'] THEN
      ids := NULL;
    END IF;
  END IF;

  -- The rarest first: where it is in few, the others are looked for in these alone.
  IF ids IS NULL THEN
    FOR one IN 1 .. cardinality(queries) LOOP
      q := queries[one];
      IF one = 1 THEN
        ids := ARRAY(
          SELECT t.briefing_id FROM wall.search_texts t WHERE t.vector @@ q
          UNION
          SELECT p.briefing_id FROM public.passages p WHERE p.search @@ (q && gate)
            AND wall.search_opens(p.kind::text, p.tier_slug, p.tier_until, kinds, tiers));
      ELSIF cardinality(ids) <= few THEN
        ids := ARRAY(
          SELECT f FROM unnest(ids) f
          WHERE EXISTS (SELECT FROM wall.search_texts t WHERE t.briefing_id = f AND t.vector @@ q)
            OR EXISTS (SELECT FROM public.passages p WHERE p.briefing_id = f AND p.search @@ (q && gate)
              AND wall.search_opens(p.kind::text, p.tier_slug, p.tier_until, kinds, tiers)));
      ELSE
        ids := ARRAY(
          SELECT f FROM unnest(ids) f
          INTERSECT (
            SELECT t.briefing_id FROM wall.search_texts t WHERE t.vector @@ q
            UNION
            SELECT p.briefing_id FROM public.passages p WHERE p.search @@ (q && gate)
              AND wall.search_opens(p.kind::text, p.tier_slug, p.tier_until, kinds, tiers)));
      END IF;
    END LOOP;
  END IF;

  hits := ARRAY(
    SELECT b.id FROM public.briefings b
    WHERE (ids IS NULL OR b.id = ANY (ids)) AND wall.search_admits(b, asked, tiers, drafts)
      AND (asked ->> 'region' IS NULL OR EXISTS (SELECT FROM public.facts f
        WHERE f.briefing_id = b.id AND f.kind::text = 'region' AND f.value = asked ->> 'region'))
      AND (asked ->> 'organization' IS NULL OR EXISTS (SELECT FROM public.linked_organizations k
        WHERE k.briefing_id = b.id AND k.organization_slug = asked ->> 'organization'))
      AND (excluded IS NULL OR NOT EXISTS (SELECT FROM wall.search_texts t WHERE t.briefing_id = b.id AND t.vector @@ excluded))
      AND (excluded IS NULL OR gate IS NULL OR NOT EXISTS (SELECT FROM public.passages p
        WHERE p.briefing_id = b.id AND p.search @@ (excluded && gate)
          AND wall.search_opens(p.kind::text, p.tier_slug, p.tier_until, kinds, tiers)))
    ORDER BY CASE WHEN sort = 'oldest' THEN b.published_at END, b.published_at DESC NULLS FIRST, b.slug
    LIMIT most);

  IF sort <> 'relevance' OR ranking IS NULL THEN
    RETURN QUERY SELECT o.place::int, o.id, 0::real FROM unnest(hits) WITH ORDINALITY o (id, place);
    RETURN;
  END IF;
  RETURN QUERY
  WITH scored AS (
    SELECT parts.briefing_id AS id, parts.lang, sum(parts.score) AS score FROM (
      SELECT t.briefing_id, t.lang, ts_rank(t.vector, ranking) AS score FROM wall.search_texts t
      WHERE t.briefing_id = ANY (hits)
      UNION ALL
      SELECT p.briefing_id, p.lang, ts_rank(p.search, ranking) FROM public.passages p
      WHERE p.briefing_id = ANY (hits) AND p.search @@ (ranking && gate)
        AND wall.search_opens(p.kind::text, p.tier_slug, p.tier_until, kinds, tiers)) parts
    GROUP BY 1, 2
  )
  SELECT (row_number() OVER (ORDER BY max(s.score) DESC, o.place))::int, o.id, max(s.score)::real
  FROM unnest(hits) WITH ORDINALITY o (id, place) JOIN scored s USING (id)
  GROUP BY o.id, o.place
  ORDER BY 1;
END $$;

-- Words alike that this viewer finds something with, those most alike first.
CREATE FUNCTION wall.search_suggestions(mistyped text, lang text) RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, wall, public, pg_temp AS $$
DECLARE
  like_it record;
  proposed int := 0;
BEGIN
  FOR like_it IN
    SELECT w.word FROM wall.search_words w WHERE w.word % left(lower(mistyped), 40) AND w.word <> lower(mistyped)
    ORDER BY similarity(w.word, left(lower(mistyped), 40)) DESC, w.word LIMIT 200
  LOOP
    IF EXISTS (SELECT FROM wall.search(jsonb_build_object('lang', lang, 'most', 1,
      'terms', jsonb_build_array(jsonb_build_object('text', like_it.word, 'mode', 'word'))))) THEN
      RETURN NEXT like_it.word;
      proposed := proposed + 1;
      EXIT WHEN proposed = 3;
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION wall.search_config(text), wall.search_vector(text, text, "char"), wall.search_mark(text), wall.keep_passage_vector(),
  wall.refresh_search_texts(uuid), wall.refresh_pending(), wall.search_texts_changed(), wall.search_term(jsonb, boolean), wall.search(jsonb),
  wall.search_opens(text, text, timestamptz, text[], text[]), wall.search_admits(public.briefings, jsonb, text[], boolean), wall.search_size(tsquery),
  wall.search_suggestions(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.search_config(text), wall.search_term(jsonb, boolean), wall.search(jsonb), wall.search_suggestions(text, text) TO dossier_app;
