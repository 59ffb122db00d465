-- A kind of passage that has no gate yet opens to no reader, whatever their rank; the desk writes it all the same, and
-- reads what it wrote. Asked in this order, so that rows that are open to a rank cost no more than they did.
CREATE OR REPLACE FUNCTION wall.opens(viewer_rank int, of_kind public.passage_kind, own_tier text, own_until timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 0.0001 AS $$
BEGIN
  IF viewer_rank >= wall.required_rank(of_kind, own_tier, own_until) THEN RETURN true; END IF;
  IF viewer_rank < 1000 THEN RETURN false; END IF;
  RETURN wall.writes();
END $$;

-- Which kinds hang on an organization or a source is the publisher's to say: of kinds that are not delivered, Postgres
-- says no more than that what they hang on is their key.
ALTER TABLE "passages"
  DROP CONSTRAINT "passages_subject_of_organization",
  DROP CONSTRAINT "passages_subject_of_source",
  ADD CONSTRAINT "passages_subject_of_organization" CHECK (
    CASE
      WHEN "restore_point_id" IS NOT NULL THEN "organization_slug" IS NULL
      WHEN "kind" IN ('trend', 'organization', 'evidence', 'failure_path', 'source_note')
        THEN ("kind" = 'organization') = ("organization_slug" IS NOT NULL)
      ELSE true END),
  ADD CONSTRAINT "passages_subject_of_source" CHECK (
    CASE
      WHEN "kind" = 'source_note' THEN "source_id" IS NOT NULL OR "until_revision" IS NOT NULL
      WHEN "kind" IN ('trend', 'organization', 'evidence', 'failure_path') THEN "source_id" IS NULL
      ELSE true END);
