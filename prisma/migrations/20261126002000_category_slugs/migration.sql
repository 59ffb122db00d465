-- The addresses a category had: they lead on to the one it has. No category takes an address of another, had or having.

-- CreateTable
CREATE TABLE "former_category_slugs" (
    "slug" TEXT NOT NULL,
    "category_slug" TEXT NOT NULL,

    CONSTRAINT "former_category_slugs_pkey" PRIMARY KEY ("slug")
);

-- CreateIndex
CREATE INDEX "former_category_slugs_category_slug_idx" ON "former_category_slugs"("category_slug");

-- AddForeignKey
ALTER TABLE "former_category_slugs" ADD CONSTRAINT "former_category_slugs_category_slug_fkey" FOREIGN KEY ("category_slug") REFERENCES "categories"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "former_category_slugs" ADD CONSTRAINT "former_category_slugs_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80);

-- As public as the categories are, and the desk's to change.
ALTER TABLE "former_category_slugs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_reads" ON "former_category_slugs" FOR SELECT USING (true);
CREATE POLICY "desk_inserts" ON "former_category_slugs" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_updates" ON "former_category_slugs" FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "former_category_slugs" FOR DELETE USING ((SELECT wall.writes()));
CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "former_category_slugs" FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed();
