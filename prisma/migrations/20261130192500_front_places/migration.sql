-- What an editor has said of the front page (docs/decisions/0058-the-front-page-is-the-newest-unless-said.md).

CREATE TABLE "front_places" (
    "briefing_id" UUID NOT NULL,
    "place" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "front_places_pkey" PRIMARY KEY ("briefing_id")
);

ALTER TABLE "front_places" ADD CONSTRAINT "front_places_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "front_places" ADD CONSTRAINT "front_places_place_known" CHECK ("place" IN ('lead', 'shelf', 'hidden'));

-- One leads.
CREATE UNIQUE INDEX "front_places_one_lead" ON "front_places"("place") WHERE "place" = 'lead';

-- Seen by whoever sees the briefing, set by the desk.
ALTER TABLE "front_places" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_briefing" ON "front_places" FOR SELECT USING (EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));
CREATE POLICY "desk_inserts" ON "front_places" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_updates" ON "front_places" FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "front_places" FOR DELETE USING ((SELECT wall.writes()));
CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "front_places" FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed();
