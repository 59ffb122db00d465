-- Posts brought in from elsewhere (src/imports/posts). What they say is sealed until it is done, and then gone.
ALTER TABLE "imports" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'members';
ALTER TABLE "imports" ADD CONSTRAINT "imports_kind" CHECK ("kind" IN ('members', 'posts'));
ALTER TABLE "import_rows" ADD COLUMN "title" TEXT, ADD COLUMN "briefing_id" UUID;

CREATE TABLE "import_texts" (
    "import_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "sealed" BYTEA NOT NULL,

    CONSTRAINT "import_texts_pkey" PRIMARY KEY ("import_id", "number")
);
ALTER TABLE "import_texts" ADD CONSTRAINT "import_texts_import_id_number_fkey" FOREIGN KEY ("import_id", "number")
  REFERENCES "import_rows"("import_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "import_texts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "import_texts" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- Addresses that briefings had elsewhere, without a language. They lead on, for whoever meets the briefing.
CREATE TABLE "former_paths" (
    "path" TEXT NOT NULL,
    "briefing_id" UUID NOT NULL,
    "import_id" UUID,
    "import_row" INTEGER,

    CONSTRAINT "former_paths_pkey" PRIMARY KEY ("path")
);
CREATE INDEX "former_paths_briefing_id_idx" ON "former_paths" ("briefing_id");
CREATE UNIQUE INDEX "former_paths_import_id_import_row_key" ON "former_paths" ("import_id", "import_row");
ALTER TABLE "former_paths" ADD CONSTRAINT "former_paths_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id")
  ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "former_paths" ADD CONSTRAINT "former_paths_form" CHECK ("path" ~ '^/[^\s?#]+$' AND length("path") <= 300);
ALTER TABLE "former_paths" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_briefing" ON "former_paths" FOR SELECT USING (EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));
CREATE POLICY "desk_inserts" ON "former_paths" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_updates" ON "former_paths" FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "former_paths" FOR DELETE USING ((SELECT wall.writes()));
