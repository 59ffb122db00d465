-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "briefing_state" AS ENUM ('draft', 'published');

-- CreateEnum
CREATE TYPE "content_type" AS ENUM ('signal', 'trend', 'policy', 'risk');

-- CreateEnum
CREATE TYPE "domain" AS ENUM ('technology', 'policy', 'economy', 'security', 'energy');

-- CreateEnum
CREATE TYPE "level" AS ENUM ('low', 'medium', 'high');

-- CreateEnum
CREATE TYPE "horizon" AS ENUM ('near', 'medium', 'longer');

-- CreateEnum
CREATE TYPE "classification_axis" AS ENUM ('category', 'type', 'domain', 'topic', 'impact');

-- CreateEnum
CREATE TYPE "fact_kind" AS ENUM ('signal', 'signal_type', 'region', 'market_class');

-- CreateEnum
CREATE TYPE "list_kind" AS ENUM ('market_context', 'operating_surface', 'what_to_watch');

-- CreateEnum
CREATE TYPE "passage_kind" AS ENUM ('trend', 'organization', 'evidence', 'failure_path', 'source_note');

-- CreateTable
CREATE TABLE "categories" (
    "slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "categories_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "category_texts" (
    "category_slug" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,

    CONSTRAINT "category_texts_pkey" PRIMARY KEY ("category_slug","lang")
);

-- CreateTable
CREATE TABLE "briefings" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "slug" TEXT NOT NULL,
    "state" "briefing_state" NOT NULL DEFAULT 'draft',
    "published_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3),
    "type" "content_type" NOT NULL,
    "category_slug" TEXT NOT NULL,
    "domain" "domain" NOT NULL,
    "impact" "level" NOT NULL,
    "confidence" DECIMAL(3,2) NOT NULL,
    "relevance" "level" NOT NULL,
    "horizon" "horizon" NOT NULL,
    "original_lang" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "briefings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "former_slugs" (
    "slug" TEXT NOT NULL,
    "briefing_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "former_slugs_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "editions" (
    "briefing_id" UUID NOT NULL,
    "lang" TEXT NOT NULL,
    "title" TEXT,
    "summary" TEXT,
    "lead" TEXT,
    "topic" TEXT,
    "body" TEXT,

    CONSTRAINT "editions_pkey" PRIMARY KEY ("briefing_id","lang")
);

-- CreateTable
CREATE TABLE "explanations" (
    "briefing_id" UUID NOT NULL,
    "lang" TEXT NOT NULL,
    "axis" "classification_axis" NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "explanations_pkey" PRIMARY KEY ("briefing_id","lang","axis")
);

-- CreateTable
CREATE TABLE "facts" (
    "briefing_id" UUID NOT NULL,
    "lang" TEXT NOT NULL,
    "kind" "fact_kind" NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "facts_pkey" PRIMARY KEY ("briefing_id","lang","kind")
);

-- CreateTable
CREATE TABLE "list_items" (
    "briefing_id" UUID NOT NULL,
    "lang" TEXT NOT NULL,
    "list" "list_kind" NOT NULL,
    "position" INTEGER NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "list_items_pkey" PRIMARY KEY ("briefing_id","lang","list","position")
);

-- CreateTable
CREATE TABLE "sources" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "briefing_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "url" TEXT NOT NULL,
    "risk" "level" NOT NULL,

    CONSTRAINT "sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_texts" (
    "source_id" UUID NOT NULL,
    "lang" TEXT NOT NULL,
    "title" TEXT,
    "description" TEXT,

    CONSTRAINT "source_texts_pkey" PRIMARY KEY ("source_id","lang")
);

-- CreateTable
CREATE TABLE "organizations" (
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "linked_organizations" (
    "briefing_id" UUID NOT NULL,
    "organization_slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "linked_organizations_pkey" PRIMARY KEY ("briefing_id","organization_slug")
);

-- CreateTable
CREATE TABLE "tiers" (
    "slug" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'eur',
    "monthly_cents" INTEGER,
    "yearly_cents" INTEGER,

    CONSTRAINT "tiers_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "tier_texts" (
    "tier_slug" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "blurb" TEXT NOT NULL,
    "benefits" TEXT[],

    CONSTRAINT "tier_texts_pkey" PRIMARY KEY ("tier_slug","lang")
);

-- CreateTable
CREATE TABLE "gates" (
    "kind" "passage_kind" NOT NULL,
    "tier_slug" TEXT NOT NULL,

    CONSTRAINT "gates_pkey" PRIMARY KEY ("kind")
);

-- CreateTable
CREATE TABLE "passages" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "briefing_id" UUID NOT NULL,
    "kind" "passage_kind" NOT NULL,
    "key" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "tier_slug" TEXT,
    "organization_slug" TEXT,
    "source_id" UUID,
    "from_revision" INTEGER NOT NULL,
    "until_revision" INTEGER,

    CONSTRAINT "passages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revisions" (
    "briefing_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin" TEXT NOT NULL,
    "content" JSONB NOT NULL,

    CONSTRAINT "revisions_pkey" PRIMARY KEY ("briefing_id","number")
);

-- CreateIndex
CREATE UNIQUE INDEX "briefings_slug_key" ON "briefings"("slug");

-- CreateIndex
CREATE INDEX "briefings_category_slug_published_at_idx" ON "briefings"("category_slug", "published_at" DESC);

-- CreateIndex
CREATE INDEX "briefings_published_at_idx" ON "briefings"("published_at" DESC);

-- CreateIndex
CREATE INDEX "former_slugs_briefing_id_idx" ON "former_slugs"("briefing_id");

-- CreateIndex
CREATE UNIQUE INDEX "sources_briefing_id_key_key" ON "sources"("briefing_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "sources_briefing_id_url_key" ON "sources"("briefing_id", "url");

-- CreateIndex
CREATE INDEX "linked_organizations_organization_slug_idx" ON "linked_organizations"("organization_slug");

-- CreateIndex
CREATE UNIQUE INDEX "tiers_rank_key" ON "tiers"("rank");

-- CreateIndex
CREATE INDEX "passages_briefing_id_kind_position_idx" ON "passages"("briefing_id", "kind", "position");

-- AddForeignKey
ALTER TABLE "category_texts" ADD CONSTRAINT "category_texts_category_slug_fkey" FOREIGN KEY ("category_slug") REFERENCES "categories"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "briefings" ADD CONSTRAINT "briefings_category_slug_fkey" FOREIGN KEY ("category_slug") REFERENCES "categories"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "former_slugs" ADD CONSTRAINT "former_slugs_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "editions" ADD CONSTRAINT "editions_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "explanations" ADD CONSTRAINT "explanations_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "facts" ADD CONSTRAINT "facts_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "list_items" ADD CONSTRAINT "list_items_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sources" ADD CONSTRAINT "sources_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_texts" ADD CONSTRAINT "source_texts_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "linked_organizations" ADD CONSTRAINT "linked_organizations_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "linked_organizations" ADD CONSTRAINT "linked_organizations_organization_slug_fkey" FOREIGN KEY ("organization_slug") REFERENCES "organizations"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tier_texts" ADD CONSTRAINT "tier_texts_tier_slug_fkey" FOREIGN KEY ("tier_slug") REFERENCES "tiers"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gates" ADD CONSTRAINT "gates_tier_slug_fkey" FOREIGN KEY ("tier_slug") REFERENCES "tiers"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passages" ADD CONSTRAINT "passages_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passages" ADD CONSTRAINT "passages_tier_slug_fkey" FOREIGN KEY ("tier_slug") REFERENCES "tiers"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passages" ADD CONSTRAINT "passages_organization_slug_fkey" FOREIGN KEY ("organization_slug") REFERENCES "organizations"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passages" ADD CONSTRAINT "passages_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a schema file cannot say.

ALTER TABLE "briefings"
  ADD CONSTRAINT "briefings_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80),
  ADD CONSTRAINT "briefings_confidence_range" CHECK ("confidence" BETWEEN 0 AND 1),
  ADD CONSTRAINT "briefings_published_has_time" CHECK ("state" <> 'published' OR "published_at" IS NOT NULL),
  ADD CONSTRAINT "briefings_updated_after_published" CHECK ("updated_at" IS NULL OR "published_at" IS NULL OR "updated_at" >= "published_at"),
  ADD CONSTRAINT "briefings_revision_counts" CHECK ("revision" >= 1);

ALTER TABLE "categories" ADD CONSTRAINT "categories_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80);
ALTER TABLE "former_slugs" ADD CONSTRAINT "former_slugs_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80);
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80);
ALTER TABLE "tiers"
  ADD CONSTRAINT "tiers_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80),
  ADD CONSTRAINT "tiers_rank_range" CHECK ("rank" BETWEEN 0 AND 1000),
  ADD CONSTRAINT "tiers_prices_positive" CHECK (coalesce("monthly_cents", 1) > 0 AND coalesce("yearly_cents", 1) > 0),
  ADD CONSTRAINT "tiers_currency_form" CHECK ("currency" ~ '^[a-z]{3}$');

ALTER TABLE "sources"
  ADD CONSTRAINT "sources_key_form" CHECK ("key" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ADD CONSTRAINT "sources_url_scheme" CHECK ("url" ~ '^https?://');
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_url_scheme" CHECK ("url" IS NULL OR "url" ~ '^https?://');

ALTER TABLE "passages"
  ADD CONSTRAINT "passages_key_form" CHECK ("key" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ADD CONSTRAINT "passages_revisions_in_order" CHECK ("until_revision" IS NULL OR "until_revision" > "from_revision"),
  ADD CONSTRAINT "passages_subject_of_organization" CHECK (("kind" = 'organization') = ("organization_slug" IS NOT NULL)),
  ADD CONSTRAINT "passages_organization_is_key" CHECK ("organization_slug" IS NULL OR "organization_slug" = "key"),
  -- The note of a source that a later revision dropped keeps its key and loses the row it pointed to.
  ADD CONSTRAINT "passages_subject_of_source" CHECK (
    CASE WHEN "kind" = 'source_note' THEN "source_id" IS NOT NULL OR "until_revision" IS NOT NULL ELSE "source_id" IS NULL END);
CREATE UNIQUE INDEX "passages_one_current" ON "passages" ("briefing_id", "kind", "key", "lang") WHERE "until_revision" IS NULL;

-- A language code as BCP 47 writes the simple ones; which of them the interface speaks is the interface's affair.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['category_texts','editions','explanations','facts','list_items','source_texts','tier_texts','passages'] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK ("lang" ~ ''^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'')', name, name || '_lang_form');
  END LOOP;
END $$;
