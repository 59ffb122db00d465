-- What a member keeps to read: their own, and goes with their account or with the briefing.
CREATE TABLE "reading_list" (
    "account_id" UUID NOT NULL,
    "briefing_id" UUID NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reading_list_pkey" PRIMARY KEY ("account_id", "briefing_id")
);
CREATE INDEX "reading_list_briefing_id_idx" ON "reading_list"("briefing_id");
ALTER TABLE "reading_list" ADD CONSTRAINT "reading_list_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "reading_list" ADD CONSTRAINT "reading_list_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "reading_list" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "reading_list" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
