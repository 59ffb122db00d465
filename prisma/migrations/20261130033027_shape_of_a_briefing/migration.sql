-- What a briefing is made of, as the publisher says it (src/site/shape): kinds of passages, types, domains, facts, lists,
-- and the words for levels, horizons and bands of confidence. A slug never changes; what is retired is offered no more.
CREATE TABLE "shape_words" (
    "word_group" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "made" INTEGER NOT NULL,
    "retired_at" TIMESTAMPTZ(3),
    "passage_shape" TEXT,
    "gate_group" TEXT,
    "field" TEXT,
    "keyless" BOOLEAN NOT NULL DEFAULT false,
    "place" TEXT,
    "anchor" TEXT,
    "top_level" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "shape_words_pkey" PRIMARY KEY ("word_group", "slug")
);
CREATE UNIQUE INDEX "shape_words_word_group_made_key" ON "shape_words"("word_group", "made");

CREATE TABLE "shape_texts" (
    "word_group" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "long" TEXT,

    CONSTRAINT "shape_texts_pkey" PRIMARY KEY ("word_group", "slug", "lang")
);
ALTER TABLE "shape_texts" ADD CONSTRAINT "shape_texts_word_group_slug_fkey"
  FOREIGN KEY ("word_group", "slug") REFERENCES "shape_words"("word_group", "slug") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "shape_words"
  ADD CONSTRAINT "shape_words_group" CHECK ("word_group" IN
    ('kinds', 'types', 'domains', 'facts', 'lists', 'impact', 'relevance', 'horizon', 'bands')),
  ADD CONSTRAINT "shape_words_slug_form" CHECK ("slug" ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length("slug") <= 40),
  ADD CONSTRAINT "shape_words_of_a_kind" CHECK (
    CASE WHEN "word_group" = 'kinds'
      THEN "passage_shape" IS NOT NULL AND "gate_group" IS NOT NULL AND "field" IS NOT NULL
        AND "passage_shape" IN ('one-text', 'list', 'per-source', 'per-organization')
        AND "gate_group" IN ('context', 'proof', 'other')
      ELSE "passage_shape" IS NULL AND "gate_group" IS NULL AND "field" IS NULL AND NOT "keyless" END),
  ADD CONSTRAINT "shape_words_of_a_list" CHECK (
    CASE WHEN "word_group" = 'lists'
      THEN "place" IS NOT NULL AND "anchor" IS NOT NULL AND "place" IN ('story', 'aside')
      ELSE "place" IS NULL AND "anchor" IS NULL AND NOT "top_level" END);

-- Two slugs that are one without their hyphens are one word to somebody: to Postgres's enums, or to a program.
CREATE UNIQUE INDEX "shape_words_spelled" ON "shape_words" ("word_group", (replace("slug", '-', '')));

-- Pages are made from them, so everybody reads them. An admin alone writes them.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['shape_words', 'shape_texts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "everybody_reads" ON %I FOR SELECT USING (true)', name);
    EXECUTE format('CREATE POLICY "admin_inserts" ON %I FOR INSERT WITH CHECK ((SELECT wall.writes_tiers()))', name);
    EXECUTE format('CREATE POLICY "admin_updates" ON %I FOR UPDATE USING ((SELECT wall.writes_tiers())) WITH CHECK ((SELECT wall.writes_tiers()))', name);
    EXECUTE format('CREATE POLICY "admin_deletes" ON %I FOR DELETE USING ((SELECT wall.writes_tiers()))', name);
    EXECUTE format('CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed()', name);
  END LOOP;
END $$;

-- Adds a value to one of the enums that grow, which the owner of the types alone may do. It is asked by an admin's signed
-- context, for a word that stands in the table, and the value may be used when that transaction has committed. No row is
-- rewritten, and no query waits: what adds a value is held back by what adds another one.
CREATE FUNCTION wall.add_shape_value(of_group text, of_slug text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  type_name text := CASE of_group WHEN 'kinds' THEN 'passage_kind' WHEN 'types' THEN 'content_type'
    WHEN 'domains' THEN 'domain' WHEN 'facts' THEN 'fact_kind' WHEN 'lists' THEN 'list_kind' END;
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
REVOKE ALL ON FUNCTION wall.add_shape_value(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.add_shape_value(text, text) TO dossier_app;

-- As it is delivered.
INSERT INTO "shape_words" ("word_group", "slug", "position", "made", "passage_shape", "gate_group", "field", "keyless", "place", "anchor", "top_level") VALUES
  ('kinds', 'trend', 0, 0, 'list', 'context', 'trend', true, NULL, NULL, false),
  ('kinds', 'organization', 1, 1, 'per-organization', 'context', 'note', false, NULL, NULL, false),
  ('kinds', 'evidence', 2, 2, 'list', 'proof', 'evidence', false, NULL, NULL, false),
  ('kinds', 'failure-path', 3, 3, 'list', 'proof', 'failure-path', false, NULL, NULL, false),
  ('kinds', 'source-note', 4, 4, 'per-source', 'proof', 'note', false, NULL, NULL, false),
  ('types', 'signal', 0, 0, NULL, NULL, NULL, false, NULL, NULL, false),
  ('types', 'trend', 1, 1, NULL, NULL, NULL, false, NULL, NULL, false),
  ('types', 'policy', 2, 2, NULL, NULL, NULL, false, NULL, NULL, false),
  ('types', 'risk', 3, 3, NULL, NULL, NULL, false, NULL, NULL, false),
  ('domains', 'technology', 0, 0, NULL, NULL, NULL, false, NULL, NULL, false),
  ('domains', 'policy', 1, 1, NULL, NULL, NULL, false, NULL, NULL, false),
  ('domains', 'economy', 2, 2, NULL, NULL, NULL, false, NULL, NULL, false),
  ('domains', 'security', 3, 3, NULL, NULL, NULL, false, NULL, NULL, false),
  ('domains', 'energy', 4, 4, NULL, NULL, NULL, false, NULL, NULL, false),
  ('facts', 'signal', 0, 0, NULL, NULL, NULL, false, NULL, NULL, false),
  ('facts', 'signal-type', 1, 1, NULL, NULL, NULL, false, NULL, NULL, false),
  ('facts', 'region', 2, 2, NULL, NULL, NULL, false, NULL, NULL, false),
  ('facts', 'market-class', 3, 3, NULL, NULL, NULL, false, NULL, NULL, false),
  ('lists', 'market-context', 0, 0, NULL, NULL, NULL, false, 'story', 'market', true),
  ('lists', 'operating-surface', 1, 1, NULL, NULL, NULL, false, 'aside', 'surface', true),
  ('lists', 'what-to-watch', 2, 2, NULL, NULL, NULL, false, 'aside', 'watch', true),
  ('impact', 'low', 0, 0, NULL, NULL, NULL, false, NULL, NULL, false),
  ('impact', 'medium', 1, 1, NULL, NULL, NULL, false, NULL, NULL, false),
  ('impact', 'high', 2, 2, NULL, NULL, NULL, false, NULL, NULL, false),
  ('relevance', 'low', 0, 0, NULL, NULL, NULL, false, NULL, NULL, false),
  ('relevance', 'medium', 1, 1, NULL, NULL, NULL, false, NULL, NULL, false),
  ('relevance', 'high', 2, 2, NULL, NULL, NULL, false, NULL, NULL, false),
  ('horizon', 'near', 0, 0, NULL, NULL, NULL, false, NULL, NULL, false),
  ('horizon', 'medium', 1, 1, NULL, NULL, NULL, false, NULL, NULL, false),
  ('horizon', 'longer', 2, 2, NULL, NULL, NULL, false, NULL, NULL, false),
  ('bands', 'watch', 0, 0, NULL, NULL, NULL, false, NULL, NULL, false),
  ('bands', 'd', 1, 1, NULL, NULL, NULL, false, NULL, NULL, false),
  ('bands', 'cd', 2, 2, NULL, NULL, NULL, false, NULL, NULL, false),
  ('bands', 'bc', 3, 3, NULL, NULL, NULL, false, NULL, NULL, false),
  ('bands', 'ab', 4, 4, NULL, NULL, NULL, false, NULL, NULL, false),
  ('bands', 'a', 5, 5, NULL, NULL, NULL, false, NULL, NULL, false);

INSERT INTO "shape_texts" ("word_group", "slug", "lang", "name", "long") VALUES
  ('kinds', 'trend', 'en', 'Trend context', 'Deeper trend context'),
  ('kinds', 'trend', 'es', 'Contexto de tendencia', 'Contexto de tendencia'),
  ('kinds', 'organization', 'en', 'Organization note', 'Linked-organization notes'),
  ('kinds', 'organization', 'es', 'Nota sobre la organización', 'Notas sobre organizaciones vinculadas'),
  ('kinds', 'evidence', 'en', 'Evidence', 'Relationship evidence'),
  ('kinds', 'evidence', 'es', 'Evidencia', 'Evidencia de la relación'),
  ('kinds', 'failure-path', 'en', 'Failure path', 'Failure paths'),
  ('kinds', 'failure-path', 'es', 'Vía de fallo', 'Vías de fallo'),
  ('kinds', 'source-note', 'en', 'Source note', 'Source notes'),
  ('kinds', 'source-note', 'es', 'Nota de fuente', 'Notas de fuente'),
  ('types', 'signal', 'en', 'Signal Briefing', NULL),
  ('types', 'signal', 'es', 'Informe de señal', NULL),
  ('types', 'trend', 'en', 'Trend Briefing', NULL),
  ('types', 'trend', 'es', 'Informe de tendencia', NULL),
  ('types', 'policy', 'en', 'Policy Briefing', NULL),
  ('types', 'policy', 'es', 'Informe de política pública', NULL),
  ('types', 'risk', 'en', 'Risk Briefing', NULL),
  ('types', 'risk', 'es', 'Informe de riesgo', NULL),
  ('domains', 'technology', 'en', 'Technology', NULL),
  ('domains', 'technology', 'es', 'Tecnología', NULL),
  ('domains', 'policy', 'en', 'Policy', NULL),
  ('domains', 'policy', 'es', 'Política pública', NULL),
  ('domains', 'economy', 'en', 'Economy', NULL),
  ('domains', 'economy', 'es', 'Economía', NULL),
  ('domains', 'security', 'en', 'Security', NULL),
  ('domains', 'security', 'es', 'Seguridad', NULL),
  ('domains', 'energy', 'en', 'Energy', NULL),
  ('domains', 'energy', 'es', 'Energía', NULL),
  ('facts', 'signal', 'en', 'Signal', NULL),
  ('facts', 'signal', 'es', 'Señal', NULL),
  ('facts', 'signal-type', 'en', 'Signal type', NULL),
  ('facts', 'signal-type', 'es', 'Tipo de señal', NULL),
  ('facts', 'region', 'en', 'Region', NULL),
  ('facts', 'region', 'es', 'Región', NULL),
  ('facts', 'market-class', 'en', 'Market class', NULL),
  ('facts', 'market-class', 'es', 'Clase de mercado', NULL),
  ('lists', 'market-context', 'en', 'Market context', NULL),
  ('lists', 'market-context', 'es', 'Contexto de mercado', NULL),
  ('lists', 'operating-surface', 'en', 'Operating surface', NULL),
  ('lists', 'operating-surface', 'es', 'Superficie operativa', NULL),
  ('lists', 'what-to-watch', 'en', 'What to watch', NULL),
  ('lists', 'what-to-watch', 'es', 'Qué vigilar', NULL),
  ('impact', 'low', 'en', 'Low', 'Low impact'),
  ('impact', 'low', 'es', 'Bajo', 'Impacto bajo'),
  ('impact', 'medium', 'en', 'Medium', 'Medium impact'),
  ('impact', 'medium', 'es', 'Medio', 'Impacto medio'),
  ('impact', 'high', 'en', 'High', 'High impact'),
  ('impact', 'high', 'es', 'Alto', 'Impacto alto'),
  ('relevance', 'low', 'en', 'Low', NULL),
  ('relevance', 'low', 'es', 'Baja', NULL),
  ('relevance', 'medium', 'en', 'Medium', NULL),
  ('relevance', 'medium', 'es', 'Media', NULL),
  ('relevance', 'high', 'en', 'High', NULL),
  ('relevance', 'high', 'es', 'Alta', NULL),
  ('horizon', 'near', 'en', 'Near term', NULL),
  ('horizon', 'near', 'es', 'Corto plazo', NULL),
  ('horizon', 'medium', 'en', 'Medium term', NULL),
  ('horizon', 'medium', 'es', 'Medio plazo', NULL),
  ('horizon', 'longer', 'en', 'Longer term', NULL),
  ('horizon', 'longer', 'es', 'Largo plazo', NULL),
  ('bands', 'watch', 'en', 'Internal monitoring', 'Internal monitoring ({percent})'),
  ('bands', 'watch', 'es', 'Seguimiento interno', 'Seguimiento interno ({percent})'),
  ('bands', 'd', 'en', 'Weak signal', 'Weak signal ({percent})'),
  ('bands', 'd', 'es', 'Señal débil', 'Señal débil ({percent})'),
  ('bands', 'cd', 'en', 'Weak to medium', 'Weak to medium confidence ({percent})'),
  ('bands', 'cd', 'es', 'Entre débil y media', 'Confianza entre débil y media ({percent})'),
  ('bands', 'bc', 'en', 'Medium', 'Medium confidence ({percent})'),
  ('bands', 'bc', 'es', 'Media', 'Confianza media ({percent})'),
  ('bands', 'ab', 'en', 'Strong', 'Strong confidence ({percent})'),
  ('bands', 'ab', 'es', 'Sólida', 'Confianza sólida ({percent})'),
  ('bands', 'a', 'en', 'High: direct sources', 'High confidence ({percent})'),
  ('bands', 'a', 'es', 'Alta: fuentes directas', 'Confianza alta ({percent})');
