-- What the publisher has set: one row for each setting that is not as delivered (src/site/settings).
CREATE TABLE "site_settings" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "private" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "site_settings_pkey" PRIMARY KEY ("name")
);
ALTER TABLE "site_settings" ADD CONSTRAINT "site_settings_name_form" CHECK ("name" ~ '^[a-z][a-z-]{0,39}$');

-- What a setting was before a change and after it, under the id of the change's audit entry.
CREATE TABLE "site_setting_changes" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,

    CONSTRAINT "site_setting_changes_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "site_setting_changes_name_at_idx" ON "site_setting_changes"("name", "at");

-- Pages are made from settings, so everybody reads them, but for those that name people. An admin alone writes them.
ALTER TABLE "site_settings" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_reads" ON "site_settings" FOR SELECT
  USING (NOT "private" OR (SELECT wall.keeps_accounts()) OR (SELECT wall.writes_tiers()));
CREATE POLICY "admin_inserts" ON "site_settings" FOR INSERT WITH CHECK ((SELECT wall.writes_tiers()));
CREATE POLICY "admin_updates" ON "site_settings" FOR UPDATE
  USING ((SELECT wall.writes_tiers())) WITH CHECK ((SELECT wall.writes_tiers()));
CREATE POLICY "admin_deletes" ON "site_settings" FOR DELETE USING ((SELECT wall.writes_tiers()));
CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "site_settings"
  FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed();

-- History: added to by an admin, and never changed.
ALTER TABLE "site_setting_changes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "admin_reads" ON "site_setting_changes" FOR SELECT USING ((SELECT wall.writes_tiers()));
CREATE POLICY "admin_inserts" ON "site_setting_changes" FOR INSERT WITH CHECK ((SELECT wall.writes_tiers()));
REVOKE UPDATE, DELETE ON "site_setting_changes" FROM dossier_app;
