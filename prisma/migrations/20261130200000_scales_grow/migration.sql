-- Impact, relevance and horizon are words of the publisher's too. Their enums grow as the others do.
CREATE OR REPLACE FUNCTION wall.add_shape_value(of_group text, of_slug text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  type_name text := CASE of_group WHEN 'kinds' THEN 'passage_kind' WHEN 'types' THEN 'content_type'
    WHEN 'domains' THEN 'domain' WHEN 'facts' THEN 'fact_kind' WHEN 'lists' THEN 'list_kind'
    WHEN 'impact' THEN 'level' WHEN 'relevance' THEN 'level' WHEN 'horizon' THEN 'horizon' END;
BEGIN
  IF NOT wall.writes_tiers() THEN
    RAISE EXCEPTION 'the shape of a briefing is an admin''s to change' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF type_name IS NULL OR of_slug IS NULL OR of_slug !~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' OR length(of_slug) > 40 THEN
    RAISE EXCEPTION 'no such word' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF NOT EXISTS (SELECT FROM public.shape_words w WHERE w.word_group = of_group AND w.slug = of_slug) THEN
    RAISE EXCEPTION 'no such word' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- Values are never taken away, so there is an end to them.
  IF (SELECT count(*) FROM pg_enum e WHERE e.enumtypid = format('public.%I', type_name)::regtype) >= 500 THEN
    RAISE EXCEPTION 'too many words' USING ERRCODE = 'program_limit_exceeded';
  END IF;
  EXECUTE format('ALTER TYPE public.%I ADD VALUE IF NOT EXISTS %L', type_name, replace(of_slug, '-', '_'));
END $$;
