-- Whoever follows an organization follows it under the address it gets, whether it was renamed or merged: these are
-- accounts' rows, which the desk may not touch, so it is done by the move itself. Who followed both follows one. A slug has no
-- sign that an expression or an address would read otherwise.
CREATE FUNCTION wall.organization_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked text := '(^|&)organization=' || NEW.slug || '(&|$)';
  given text := '\1organization=' || NEW.organization_slug || '\2';
BEGIN
  DELETE FROM public.follows f WHERE f.query ~ asked AND EXISTS (
    SELECT FROM public.follows o WHERE o.account_id = f.account_id AND o.query = regexp_replace(f.query, asked, given));
  UPDATE public.follows f SET query = regexp_replace(f.query, asked, given) WHERE f.query ~ asked;
  RETURN NULL;
END $$;
CREATE TRIGGER "organization_moved" AFTER INSERT ON "former_organization_slugs" FOR EACH ROW
  EXECUTE FUNCTION wall.organization_moved();
REVOKE ALL ON FUNCTION wall.organization_moved() FROM PUBLIC;
