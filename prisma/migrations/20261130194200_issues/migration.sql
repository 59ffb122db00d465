-- Letters to many (src/issues): who wants which list, what goes out, and a row for each letter of it. Nothing here holds
-- gated text: what a letter says is read through the wall when it is sent.
CREATE TABLE "list_choices" (
    "account_id" UUID NOT NULL,
    "list" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "categories" TEXT[] NOT NULL DEFAULT '{}',
    "chosen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "list_choices_pkey" PRIMARY KEY ("account_id")
);
CREATE INDEX "list_choices_list_idx" ON "list_choices"("list");
ALTER TABLE "list_choices" ADD CONSTRAINT "list_choices_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "list_choices"
  ADD CONSTRAINT "list_choices_list_known" CHECK ("list" IN ('each', 'daily', 'weekly')),
  ADD CONSTRAINT "list_choices_lang_form" CHECK ("lang" ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');

CREATE TABLE "issues" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "digest" TEXT,
    "briefing_ids" UUID[] NOT NULL,
    "subjects" JSONB NOT NULL DEFAULT '{}',
    "preheaders" JSONB NOT NULL DEFAULT '{}',
    "audience" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "send_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "touched_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "author_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "issues_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "issues_created_at_id_idx" ON "issues"("created_at", "id");
-- One digest of a list for a moment, whoever's clock strikes.
CREATE UNIQUE INDEX "issues_digest_send_at_key" ON "issues"("digest", "send_at");
ALTER TABLE "issues" ADD CONSTRAINT "issues_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "issues"
  ADD CONSTRAINT "issues_state_known" CHECK ("state" IN ('scheduled', 'sending', 'paused', 'stopped', 'sent')),
  ADD CONSTRAINT "issues_digest_known" CHECK ("digest" IN ('daily', 'weekly'));

CREATE TABLE "issue_letters" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "issue_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_at" TIMESTAMPTZ(3),
    "rank" INTEGER,
    "lang" TEXT,
    "failure" TEXT,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "issue_letters_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "issue_letters_issue_id_account_id_key" ON "issue_letters"("issue_id", "account_id");
CREATE INDEX "issue_letters_account_id_idx" ON "issue_letters"("account_id");
CREATE INDEX "issue_letters_issue_id_state_due_at_idx" ON "issue_letters"("issue_id", "state", "due_at");
ALTER TABLE "issue_letters"
  ADD CONSTRAINT "issue_letters_issue_id_fkey" FOREIGN KEY ("issue_id") REFERENCES "issues"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "issue_letters_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "issue_letters_state_known" CHECK ("state" IN ('waiting', 'sent', 'failed', 'skipped'));

GRANT SELECT, INSERT, UPDATE, DELETE ON "list_choices", "issues", "issue_letters" TO dossier_app;
ALTER TABLE "list_choices" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "list_choices" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
ALTER TABLE "issues" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "issues" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
ALTER TABLE "issue_letters" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "issue_letters" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
