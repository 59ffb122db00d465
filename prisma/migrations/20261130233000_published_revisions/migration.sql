-- Revisions that readers had (docs/decisions/0059-a-revision-has-an-address.md).

-- CreateTable
CREATE TABLE "published_revisions" (
    "briefing_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "early_tier_slug" TEXT,
    "early_until" TIMESTAMPTZ(0),

    CONSTRAINT "published_revisions_pkey" PRIMARY KEY ("briefing_id","number")
);

-- CreateTable
CREATE TABLE "closed_revisions" (
    "briefing_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reason" TEXT NOT NULL,
    "lang" TEXT NOT NULL,

    CONSTRAINT "closed_revisions_pkey" PRIMARY KEY ("briefing_id","number")
);

-- CreateTable
CREATE TABLE "revision_pictures" (
    "briefing_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "picture_id" TEXT NOT NULL,

    CONSTRAINT "revision_pictures_pkey" PRIMARY KEY ("briefing_id","number","name")
);

-- CreateIndex
CREATE INDEX "revision_pictures_picture_id_idx" ON "revision_pictures"("picture_id");

-- AddForeignKey
ALTER TABLE "published_revisions" ADD CONSTRAINT "published_revisions_briefing_id_number_fkey" FOREIGN KEY ("briefing_id", "number") REFERENCES "revisions"("briefing_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "closed_revisions" ADD CONSTRAINT "closed_revisions_briefing_id_number_fkey" FOREIGN KEY ("briefing_id", "number") REFERENCES "revisions"("briefing_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revision_pictures" ADD CONSTRAINT "revision_pictures_briefing_id_number_fkey" FOREIGN KEY ("briefing_id", "number") REFERENCES "revisions"("briefing_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revision_pictures" ADD CONSTRAINT "revision_pictures_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "closed_revisions"
  ADD CONSTRAINT "closed_revisions_reason_form" CHECK ("reason" <> '' AND length("reason") <= 600),
  ADD CONSTRAINT "closed_revisions_lang_form" CHECK ("lang" ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');

-- Which revisions readers had, and from when until when: said by what is saved, whoever saves it, a process of a version
-- before this too. A revision that was to come out later and was replaced before, nobody had.
CREATE FUNCTION wall.revision_saved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  replaced timestamptz;
  published timestamptz := greatest(NEW.created_at, coalesce((NEW.content ->> 'published')::timestamptz, NEW.created_at));
BEGIN
  UPDATE public.published_revisions p SET ended_at = NEW.created_at
    WHERE p.briefing_id = NEW.briefing_id AND p.number = (
      SELECT max(r.number) FROM public.revisions r WHERE r.briefing_id = NEW.briefing_id AND r.number < NEW.number);
  DELETE FROM public.published_revisions p WHERE p.briefing_id = NEW.briefing_id AND p.ended_at <= p.published_at;
  IF NEW.content ->> 'state' IS DISTINCT FROM 'published' THEN RETURN NULL; END IF;
  SELECT r.created_at INTO replaced FROM public.revisions r
    WHERE r.briefing_id = NEW.briefing_id AND r.number > NEW.number ORDER BY r.number LIMIT 1;
  IF replaced <= published THEN RETURN NULL; END IF;
  INSERT INTO public.published_revisions (briefing_id, number, published_at, ended_at, early_tier_slug, early_until)
    VALUES (NEW.briefing_id, NEW.number, published, replaced, NEW.content #>> '{early,tier}', (NEW.content #>> '{early,until}')::timestamptz)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER "revision_saved" AFTER INSERT ON "revisions" FOR EACH ROW EXECUTE FUNCTION wall.revision_saved();

-- Is one of these revisions (from the first up to and without the last) open to the viewer: one that readers had, by its own
-- embargo too, that nobody has closed, of a briefing that is there for the viewer now? For whoever works at the desk as well.
-- Asked of a row of passages before any comparison that a statement makes, as wall.opens is.
CREATE FUNCTION wall.in_open_revision(of_briefing uuid, first int, without int) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER COST 0.0001 SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM public.published_revisions r
    JOIN public.briefings b ON b.id = r.briefing_id
    WHERE r.briefing_id = of_briefing AND r.number >= first AND r.number < without
      AND r.published_at <= now()
      AND (r.early_tier_slug IS NULL OR r.early_until <= now() OR wall.rank() >= wall.rank_of(r.early_tier_slug))
      AND NOT EXISTS (SELECT FROM public.closed_revisions c WHERE c.briefing_id = r.briefing_id AND c.number = r.number)
      AND b.state = 'published' AND b.published_at <= now()
      AND (b.early_tier_slug IS NULL OR b.early_until <= now() OR wall.rank() >= wall.rank_of(b.early_tier_slug)))
$$;

-- What readers may have of a revision besides its passages: field by field what is named here, and nothing else that it
-- keeps. The names of its pictures are not: they say what its passages are about. Null where it is not open to the viewer.
CREATE FUNCTION wall.published_revision(of_briefing uuid, of_number int) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('editions', coalesce(
      (SELECT jsonb_object_agg(e.key, e.value - 'passages') FROM jsonb_each(r.content -> 'editions') e), '{}'))
    || coalesce((SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(r.content) f WHERE f.key = ANY (ARRAY[
      'published', 'updated', 'type', 'category', 'domain', 'impact', 'confidence', 'relevance', 'horizon', 'sources', 'organizations',
      'authors', 'cover', 'original'])), '{}')
  FROM public.revisions r
  WHERE r.briefing_id = of_briefing AND r.number = of_number AND wall.in_open_revision(of_briefing, of_number, of_number + 1)
$$;

-- What gates say of a revision that is open to the viewer, as wall.gate_counts says it of a briefing: by today's matrix.
CREATE FUNCTION wall.revision_gate_counts(of_briefing uuid, of_number int) RETURNS TABLE (kind public.passage_kind, rank int, opens_at timestamptz, passages int)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT one.kind, one.rank, CASE WHEN one.rank > one.afterwards THEN one.until END, count(*)::int
  FROM (
    SELECT p.kind, p.key, max(wall.required_rank(p.kind, p.tier_slug, p.tier_until)) AS rank,
      max(wall.required_rank(p.kind, CASE WHEN p.tier_until IS NULL THEN p.tier_slug END, NULL)) AS afterwards, max(p.tier_until) AS until
    FROM public.passages p
    WHERE p.briefing_id = of_briefing AND p.restore_point_id IS NULL
      AND p.from_revision <= of_number AND (p.until_revision IS NULL OR p.until_revision > of_number)
      AND wall.in_open_revision(of_briefing, of_number, of_number + 1)
    GROUP BY p.kind, p.key
  ) one
  GROUP BY 1, 2, 3
$$;

REVOKE ALL ON FUNCTION wall.revision_saved(), wall.in_open_revision(uuid, int, int), wall.published_revision(uuid, int), wall.revision_gate_counts(uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.in_open_revision(uuid, int, int), wall.published_revision(uuid, int), wall.revision_gate_counts(uuid, int) TO dossier_app;

-- That there was a revision is known to whoever meets its briefing, once it was out; what it said is not in this table.
-- Nobody writes it but the trigger.
ALTER TABLE "published_revisions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_briefing" ON "published_revisions" FOR SELECT USING ((SELECT wall.writes()) OR (
  "published_at" <= now()
  AND ("early_tier_slug" IS NULL OR "early_until" <= now() OR (SELECT wall.rank()) >= wall.rank_of("early_tier_slug"))
  AND EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id")));
REVOKE INSERT, UPDATE, DELETE ON "published_revisions" FROM dossier_app;

-- Why one is closed is said to whoever asks for it.
ALTER TABLE "closed_revisions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_revision" ON "closed_revisions" FOR SELECT USING ((SELECT wall.writes()) OR EXISTS (
  SELECT FROM "published_revisions" r WHERE r."briefing_id" = "closed_revisions"."briefing_id" AND r."number" = "closed_revisions"."number"));
CREATE POLICY "desk_inserts" ON "closed_revisions" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "closed_revisions" FOR DELETE USING ((SELECT wall.writes()));
REVOKE UPDATE ON "closed_revisions" FROM dossier_app;
CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "closed_revisions" FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed();

-- The pictures in the public texts of a revision, its cover among them.
ALTER TABLE "revision_pictures" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_revision" ON "revision_pictures" FOR SELECT USING ((SELECT wall.writes()) OR wall.in_open_revision("briefing_id", "number", "number" + 1));
CREATE POLICY "desk_inserts" ON "revision_pictures" FOR INSERT WITH CHECK ((SELECT wall.writes()));
REVOKE UPDATE, DELETE ON "revision_pictures" FROM dossier_app;

CREATE OR REPLACE FUNCTION wall.stands(picture text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.briefings b WHERE b.cover_id = picture)
    OR EXISTS (SELECT FROM public.edition_placements e WHERE e.picture_id = picture)
    OR EXISTS (SELECT FROM public.passage_placements p WHERE p.picture_id = picture)
    OR EXISTS (SELECT FROM public.authors a WHERE a.picture_id = picture)
    OR EXISTS (SELECT FROM public.revision_pictures r WHERE r.picture_id = picture);
END $$;

-- A passage that has ended is read by whom its rank opens it to, as long as a revision it stood in is open. Whoever asks for
-- what a briefing says now asks for the rows without an end, as before. A row of a restore point is in no revision.
ALTER POLICY "rank_opens" ON "passages" USING (
  wall.opens((SELECT wall.rank()), "kind", "tier_slug", "tier_until")
  AND ("until_revision" IS NULL OR (SELECT wall.writes()) OR wall.in_open_revision("briefing_id", "from_revision", "until_revision"))
  AND EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));
