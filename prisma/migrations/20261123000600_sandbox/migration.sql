-- CreateTable
CREATE TABLE "sandbox_state" (
    "kind" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "object" JSON NOT NULL,

    CONSTRAINT "sandbox_state_pkey" PRIMARY KEY ("kind","place")
);

-- What the sandbox remembers names customers, so it is kept like accounts. In production there is none, and this stays empty.
ALTER TABLE "sandbox_state" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "sandbox_state" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));
