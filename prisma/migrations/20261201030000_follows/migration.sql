-- What members follow: a search each, as its address asks it (an organization, a region and a category are the search
-- that is narrowed to them), and how its owner hears of what is published after it.
CREATE TABLE "follows" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID NOT NULL,
    "query" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "list" TEXT NOT NULL,
    "chosen_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "follows_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "follows_account_id_query_key" ON "follows"("account_id", "query");
CREATE INDEX "follows_list_account_id_idx" ON "follows"("list", "account_id");
ALTER TABLE "follows" ADD CONSTRAINT "follows_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "follows"
  ADD CONSTRAINT "follows_list_known" CHECK ("list" IN ('each', 'daily', 'weekly', 'none')),
  ADD CONSTRAINT "follows_query_short" CHECK (length("query") BETWEEN 1 AND 4000),
  ADD CONSTRAINT "follows_lang_form" CHECK ("lang" ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');

GRANT SELECT, INSERT, UPDATE, DELETE ON "follows" TO dossier_app;
ALTER TABLE "follows" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "follows" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- An issue that tells followers at once that a briefing was published, or opened to everybody.
ALTER TABLE "issues" ADD COLUMN "alert" BOOLEAN NOT NULL DEFAULT false;

-- Which briefings a letter brought its recipient: of a digest not all. Empty: it is from before this was noted, or waits.
ALTER TABLE "issue_letters" ADD COLUMN "briefing_ids" UUID[] NOT NULL DEFAULT '{}';
