-- What the desk says of an organization: a description in each language, links, identifiers; and the addresses it had. Seen
-- by whoever sees a briefing that it is linked to, since its name may be the news; the desk's to change.

-- AlterTable
ALTER TABLE "organizations" ADD COLUMN "links" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "lei" TEXT,
ADD COLUMN "wikidata" TEXT;

-- CreateTable
CREATE TABLE "organization_texts" (
    "organization_slug" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "description" TEXT NOT NULL,

    CONSTRAINT "organization_texts_pkey" PRIMARY KEY ("organization_slug","lang")
);

-- CreateTable
CREATE TABLE "former_organization_slugs" (
    "slug" TEXT NOT NULL,
    "organization_slug" TEXT NOT NULL,

    CONSTRAINT "former_organization_slugs_pkey" PRIMARY KEY ("slug")
);

-- CreateIndex
CREATE INDEX "former_organization_slugs_organization_slug_idx" ON "former_organization_slugs"("organization_slug");

-- AddForeignKey
ALTER TABLE "organization_texts" ADD CONSTRAINT "organization_texts_organization_slug_fkey" FOREIGN KEY ("organization_slug")
  REFERENCES "organizations"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "former_organization_slugs" ADD CONSTRAINT "former_organization_slugs_organization_slug_fkey"
  FOREIGN KEY ("organization_slug") REFERENCES "organizations"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "organizations"
  ADD CONSTRAINT "organizations_links_number" CHECK (cardinality("links") <= 10),
  ADD CONSTRAINT "organizations_lei_form" CHECK ("lei" ~ '^[0-9A-Z]{18}[0-9]{2}$'),
  ADD CONSTRAINT "organizations_wikidata_form" CHECK ("wikidata" ~ '^Q[1-9][0-9]{0,14}$');
ALTER TABLE "organization_texts"
  ADD CONSTRAINT "organization_texts_description_length" CHECK (length("description") BETWEEN 1 AND 600);
ALTER TABLE "former_organization_slugs"
  ADD CONSTRAINT "former_organization_slugs_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['organization_texts','former_organization_slugs'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "with_a_briefing" ON %I FOR SELECT USING ((SELECT wall.writes()) OR EXISTS (SELECT FROM "linked_organizations" k WHERE k."organization_slug" = %I."organization_slug"))', name, name);
    EXECUTE format('CREATE POLICY "desk_inserts" ON %I FOR INSERT WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_updates" ON %I FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_deletes" ON %I FOR DELETE USING ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed()', name);
  END LOOP;
END $$;
