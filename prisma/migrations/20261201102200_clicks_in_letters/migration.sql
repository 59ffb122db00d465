-- How often the links to a briefing in the letters of an issue were opened, where the publisher counts that. A sum: of whom
-- and when, nothing is kept.
CREATE TABLE "issue_clicks" (
    "issue_id" UUID NOT NULL,
    "briefing_id" UUID NOT NULL,
    "clicks" INTEGER NOT NULL,

    CONSTRAINT "issue_clicks_pkey" PRIMARY KEY ("issue_id","briefing_id")
);
CREATE INDEX "issue_clicks_briefing_id_idx" ON "issue_clicks"("briefing_id");
ALTER TABLE "issue_clicks" ADD CONSTRAINT "issue_clicks_issue_id_fkey" FOREIGN KEY ("issue_id") REFERENCES "issues"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "issue_clicks" ADD CONSTRAINT "issue_clicks_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "issue_clicks" TO dossier_app;
ALTER TABLE "issue_clicks" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "issue_clicks" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- Sums are written in the name of the desk, as those of readings are and with them, which sees no issue: so this adds them.
-- What names no issue, or no briefing of it, is dropped.
CREATE FUNCTION wall.count_clicks(ids uuid[], slugs text[], times int[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT wall.writes() THEN
    RAISE EXCEPTION 'only the desk counts';
  END IF;
  INSERT INTO public.issue_clicks AS c (issue_id, briefing_id, clicks)
    SELECT i.id, b.id, sum(n.times) FROM unnest(ids, slugs, times) AS n (id, slug, times)
    JOIN public.issues i ON i.id = n.id
    JOIN public.briefings b ON b.id = ANY (i.briefing_ids) AND (b.slug = n.slug OR EXISTS (
      SELECT FROM public.former_slugs f WHERE f.slug = n.slug AND f.briefing_id = b.id))
    GROUP BY i.id, b.id ORDER BY i.id, b.id
    ON CONFLICT (issue_id, briefing_id) DO UPDATE SET clicks = c.clicks + excluded.clicks;
END $$;
REVOKE ALL ON FUNCTION wall.count_clicks(uuid[], text[], int[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.count_clicks(uuid[], text[], int[]) TO dossier_app;
