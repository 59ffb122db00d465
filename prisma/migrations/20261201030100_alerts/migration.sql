-- The search, as it was (20261129221500_search), with one thing more that it may be asked:
--   among         ids: which of these are found; nothing else is looked through, so that many searches can be asked of
--                 what has just been published
CREATE OR REPLACE FUNCTION wall.search(asked jsonb) RETURNS TABLE (place int, briefing_id uuid, score real)
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
  -- Is it asked of some alone? Then nothing need be found first.
  among uuid[] := CASE WHEN asked ? 'among' THEN ARRAY(SELECT a::uuid FROM jsonb_array_elements_text(asked -> 'among') a) END;
  queries tsquery[] := '{}';
  sizes bigint[] := '{}';
  excluded tsquery;
  ranking tsquery;
  said boolean := false;
  batch int;
  one int;
  ids uuid[] := among;
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
  FROM (SELECT a.q, a.i, CASE WHEN among IS NULL THEN wall.search_size(a.q) ELSE 0 END AS size FROM unnest(queries) WITH ORDINALITY a (q, i)) s;

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
  IF ids IS NULL OR among IS NOT NULL THEN
    FOR one IN 1 .. cardinality(queries) LOOP
      q := queries[one];
      IF one = 1 AND among IS NULL THEN
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
