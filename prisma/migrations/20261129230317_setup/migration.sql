-- Who may set up an installation that has no admin yet (src/setup).
CREATE TABLE "setup" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "link_hash" TEXT,
    "link_until" TIMESTAMPTZ(3),
    "session_hash" TEXT,
    "draft" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "setup_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "setup" ADD CONSTRAINT "setup_one_row" CHECK ("id" = 1);

-- Whoever keeps accounts, and nobody else.
ALTER TABLE "setup" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar_reads" ON "setup" FOR SELECT USING ((SELECT wall.keeps_accounts()));
CREATE POLICY "registrar_inserts" ON "setup" FOR INSERT WITH CHECK ((SELECT wall.keeps_accounts()));
CREATE POLICY "registrar_updates" ON "setup" FOR UPDATE
  USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
CREATE POLICY "registrar_deletes" ON "setup" FOR DELETE USING ((SELECT wall.keeps_accounts()));
