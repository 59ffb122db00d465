-- The publication's own pictures: logos, icons in their sizes, the picture for sharing (src/site/pictures). Which of them
-- are shown is a setting; a name says what a picture is, and never comes to mean another.
CREATE TABLE "site_pictures" (
    "name" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "site_pictures_pkey" PRIMARY KEY ("name")
);
ALTER TABLE "site_pictures" ADD CONSTRAINT "site_pictures_name_form"
  CHECK ("name" ~ '^[0-9a-f]{64}-[1-9][0-9]{0,3}x[1-9][0-9]{0,3}[.](png|jpg)$');

-- They stand on every page, so everybody reads them. An admin adds them, and removes those that nothing names any more.
ALTER TABLE "site_pictures" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_reads" ON "site_pictures" FOR SELECT USING (true);
CREATE POLICY "admin_inserts" ON "site_pictures" FOR INSERT WITH CHECK ((SELECT wall.writes_tiers()));
CREATE POLICY "admin_deletes" ON "site_pictures" FOR DELETE USING ((SELECT wall.writes_tiers()));
REVOKE UPDATE ON "site_pictures" FROM dossier_app;
