-- What the desk asks of the sources of a score, band by band: data, because whoever answers for the house decides it.
CREATE TABLE "confidence_needs" (
    "band" TEXT NOT NULL,
    "sources" SMALLINT NOT NULL,
    "low_risk" SMALLINT NOT NULL,
    "not_all_high" BOOLEAN NOT NULL,

    CONSTRAINT "confidence_needs_pkey" PRIMARY KEY ("band")
);
ALTER TABLE "confidence_needs"
  ADD CONSTRAINT "confidence_needs_band_form" CHECK ("band" ~ '^[a-z]{1,10}$'),
  ADD CONSTRAINT "confidence_needs_range" CHECK ("low_risk" BETWEEN 0 AND "sources" AND "sources" <= 20);

INSERT INTO "confidence_needs" ("band", "sources", "low_risk", "not_all_high") VALUES
  ('a', 2, 1, true), ('ab', 1, 1, true), ('bc', 0, 0, true), ('cd', 0, 0, true), ('d', 0, 0, false), ('watch', 0, 0, false);

-- The desk's alone. It shows on no reader's page, so no process forgets one for it.
ALTER TABLE "confidence_needs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "desk" ON "confidence_needs" USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()));
