-- Phrases in the publisher's own words (src/site/languages): what has no row is said as it is delivered.
CREATE TABLE "phrases" (
    "lang" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "phrases_pkey" PRIMARY KEY ("lang", "key")
);
ALTER TABLE "phrases" ADD CONSTRAINT "phrases_value_form" CHECK (jsonb_typeof("value") IN ('string', 'object'));

-- Every page is made from them, so everybody reads them. An admin alone writes them.
ALTER TABLE "phrases" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_reads" ON "phrases" FOR SELECT USING (true);
CREATE POLICY "admin_inserts" ON "phrases" FOR INSERT WITH CHECK ((SELECT wall.writes_tiers()));
CREATE POLICY "admin_updates" ON "phrases" FOR UPDATE
  USING ((SELECT wall.writes_tiers())) WITH CHECK ((SELECT wall.writes_tiers()));
CREATE POLICY "admin_deletes" ON "phrases" FOR DELETE USING ((SELECT wall.writes_tiers()));
CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "phrases"
  FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed();
