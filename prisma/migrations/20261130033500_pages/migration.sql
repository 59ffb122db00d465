-- Pages of the publisher's own (src/site/pages): about, terms, privacy and any other. They hold no gated text.
CREATE TABLE "pages" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "slug" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "pages_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "pages_slug_key" ON "pages"("slug");
ALTER TABLE "pages" ADD CONSTRAINT "pages_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80);

CREATE TABLE "page_revisions" (
    "page_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "author_id" UUID,
    "published_at" TIMESTAMPTZ(3),
    "original_lang" TEXT NOT NULL,
    "texts" JSONB NOT NULL,
    "version" INTEGER,
    "asks" BOOLEAN NOT NULL DEFAULT false,
    "sample" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "page_revisions_pkey" PRIMARY KEY ("page_id","number")
);
CREATE INDEX "page_revisions_published_at_idx" ON "page_revisions"("published_at");
ALTER TABLE "page_revisions" ADD CONSTRAINT "page_revisions_page_id_fkey" FOREIGN KEY ("page_id") REFERENCES "pages"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "page_revisions" ADD CONSTRAINT "page_revisions_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "page_revisions" ADD CONSTRAINT "page_revisions_texts_form" CHECK (jsonb_typeof("texts") = 'object');
ALTER TABLE "page_revisions" ADD CONSTRAINT "page_revisions_counted" CHECK ("number" > 0 AND ("version" IS NULL OR "version" > 0));

CREATE TABLE "page_drafts" (
    "page_id" UUID NOT NULL,
    "original_lang" TEXT NOT NULL,
    "texts" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "save_key" TEXT,
    "saver_id" UUID,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "page_drafts_pkey" PRIMARY KEY ("page_id")
);
ALTER TABLE "page_drafts" ADD CONSTRAINT "page_drafts_page_id_fkey" FOREIGN KEY ("page_id") REFERENCES "pages"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "page_drafts" ADD CONSTRAINT "page_drafts_saver_id_fkey" FOREIGN KEY ("saver_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "page_drafts" ADD CONSTRAINT "page_drafts_texts_form" CHECK (jsonb_typeof("texts") = 'object');

CREATE TABLE "former_page_slugs" (
    "slug" TEXT NOT NULL,
    "page_id" UUID NOT NULL,

    CONSTRAINT "former_page_slugs_pkey" PRIMARY KEY ("slug")
);
CREATE INDEX "former_page_slugs_page_id_idx" ON "former_page_slugs"("page_id");
ALTER TABLE "former_page_slugs" ADD CONSTRAINT "former_page_slugs_page_id_fkey" FOREIGN KEY ("page_id") REFERENCES "pages"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "former_page_slugs" ADD CONSTRAINT "former_page_slugs_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80);

CREATE TABLE "acceptances" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID NOT NULL,
    "page_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "way" TEXT NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "acceptances_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "acceptances_account_id_page_id_revision_way_key" ON "acceptances"("account_id", "page_id", "revision", "way");
CREATE INDEX "acceptances_page_id_revision_idx" ON "acceptances"("page_id", "revision");
ALTER TABLE "acceptances" ADD CONSTRAINT "acceptances_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "acceptances" ADD CONSTRAINT "acceptances_page_id_fkey" FOREIGN KEY ("page_id") REFERENCES "pages"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "acceptances" ADD CONSTRAINT "acceptances_page_id_revision_fkey" FOREIGN KEY ("page_id", "revision") REFERENCES "page_revisions"("page_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- Everybody reads what has been published; what is typed, and what is to come out, the desk alone. Of a page that is
-- archived readers meet nothing any more, but for the versions of what somebody may have accepted.
ALTER TABLE "page_revisions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "readers_read" ON "page_revisions" FOR SELECT
  USING ("published_at" <= now() OR (SELECT wall.sees_drafts()));
ALTER TABLE "pages" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "readers_read" ON "pages" FOR SELECT USING ((SELECT wall.sees_drafts()) OR EXISTS (
  SELECT FROM "page_revisions" r WHERE r."page_id" = "pages"."id" AND r."published_at" <= now()
    AND ("pages"."archived_at" IS NULL OR r."version" IS NOT NULL)));
ALTER TABLE "page_drafts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "desk_reads" ON "page_drafts" FOR SELECT USING ((SELECT wall.writes()));
ALTER TABLE "former_page_slugs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "readers_read" ON "former_page_slugs" FOR SELECT USING (
  (SELECT wall.sees_drafts()) OR EXISTS (SELECT FROM "pages" p WHERE p."id" = "former_page_slugs"."page_id"));
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['pages','page_revisions','page_drafts','former_page_slugs'] LOOP
    EXECUTE format('CREATE POLICY "desk_inserts" ON %I FOR INSERT WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_updates" ON %I FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_deletes" ON %I FOR DELETE USING ((SELECT wall.writes()))', name);
  END LOOP;
  -- What is typed changes no page that readers have.
  FOREACH name IN ARRAY ARRAY['pages','page_revisions','former_page_slugs'] LOOP
    EXECUTE format('CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed()', name);
  END LOOP;
END $$;

-- Who has accepted what hangs on the account: the registrar alone reads and adds it. Nobody changes it.
ALTER TABLE "acceptances" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "acceptances" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
REVOKE UPDATE ON "acceptances" FROM dossier_app;
CREATE TRIGGER "account_changed" AFTER INSERT OR DELETE ON "acceptances" FOR EACH ROW EXECUTE FUNCTION wall.account_changed();
