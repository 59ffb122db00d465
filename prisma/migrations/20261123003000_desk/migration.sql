-- The desk (docs/decisions/0012-a-working-copy-is-a-briefing.md).

-- AlterEnum
ALTER TYPE "briefing_state" ADD VALUE 'in_review' BEFORE 'published';
ALTER TYPE "briefing_state" ADD VALUE 'archived';

-- AlterTable
ALTER TABLE "briefings" ADD COLUMN     "author_id" UUID,
ADD COLUMN     "copy_of" UUID,
ADD COLUMN     "next_slug" TEXT,
ADD COLUMN     "save_key" TEXT,
ADD COLUMN     "saved_at" TIMESTAMPTZ(3),
ADD COLUMN     "saver_id" UUID,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "editions" ADD COLUMN     "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "revisions" ADD COLUMN     "author_id" UUID;

-- CreateTable
CREATE TABLE "unfinished" (
    "briefing_id" UUID NOT NULL,
    "fields" JSONB NOT NULL,

    CONSTRAINT "unfinished_pkey" PRIMARY KEY ("briefing_id")
);

-- CreateTable
CREATE TABLE "corrections" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "briefing_id" UUID NOT NULL,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "corrections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "correction_texts" (
    "correction_id" UUID NOT NULL,
    "lang" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "correction_texts_pkey" PRIMARY KEY ("correction_id","lang")
);

-- CreateIndex
CREATE INDEX "corrections_briefing_id_idx" ON "corrections"("briefing_id");

-- CreateIndex
CREATE UNIQUE INDEX "briefings_copy_of_key" ON "briefings"("copy_of");

-- AddForeignKey
ALTER TABLE "briefings" ADD CONSTRAINT "briefings_copy_of_fkey" FOREIGN KEY ("copy_of") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "briefings" ADD CONSTRAINT "briefings_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "briefings" ADD CONSTRAINT "briefings_saver_id_fkey" FOREIGN KEY ("saver_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unfinished" ADD CONSTRAINT "unfinished_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "correction_texts" ADD CONSTRAINT "correction_texts_correction_id_fkey" FOREIGN KEY ("correction_id") REFERENCES "corrections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "briefings"
  -- What nobody published stays hidden by its state; a working copy is never anything else.
  ADD CONSTRAINT "briefings_copy_is_draft" CHECK ("copy_of" IS NULL OR "state" = 'draft'),
  ADD CONSTRAINT "briefings_next_slug_of_copy" CHECK ("next_slug" IS NULL OR ("copy_of" IS NOT NULL AND "next_slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("next_slug") <= 80));
ALTER TABLE "correction_texts" ADD CONSTRAINT "correction_texts_lang_form" CHECK ("lang" ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');

-- What was typed and fits no column yet: public fields alone, for the desk alone.
ALTER TABLE "unfinished" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "desk" ON "unfinished" USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()));

-- A correction is read by whoever reads what it corrects.
ALTER TABLE "corrections" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_briefing" ON "corrections" FOR SELECT USING (EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));
CREATE POLICY "desk_inserts" ON "corrections" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "corrections" FOR DELETE USING ((SELECT wall.writes()));
ALTER TABLE "correction_texts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_correction" ON "correction_texts" FOR SELECT USING (EXISTS (SELECT FROM "corrections" c WHERE c."id" = "correction_id"));
CREATE POLICY "desk_inserts" ON "correction_texts" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "correction_texts" FOR DELETE USING ((SELECT wall.writes()));
CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "corrections" FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed();
CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "correction_texts" FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed();

-- What a working copy takes in shows on no page: its transaction says so, and nobody forgets a page for it.
CREATE OR REPLACE FUNCTION wall.pages_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('dossier.quiet', true) IS DISTINCT FROM 'on' THEN
    PERFORM pg_notify('dossier_pages', TG_TABLE_NAME);
  END IF;
  RETURN NULL;
END $$;
