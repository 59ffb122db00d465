-- Whoever follows a category, or has chosen letters about it, does so under the address it gets: these are accounts' rows,
-- which the desk that renames it may not touch, so it is done by the rename itself, whatever causes it. A slug has no sign
-- that an expression or an address would read otherwise.
CREATE FUNCTION wall.follow_category(former text, slug text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked text := '(^|&)category=' || former || '(&|$)';
BEGIN
  DELETE FROM public.follows f WHERE f.query ~ asked AND EXISTS (
    SELECT FROM public.follows o
    WHERE o.account_id = f.account_id AND o.query = regexp_replace(f.query, asked, '\1category=' || slug || '\2'));
  UPDATE public.follows f SET query = regexp_replace(f.query, asked, '\1category=' || slug || '\2') WHERE f.query ~ asked;
  UPDATE public.list_choices c SET categories = array_replace(c.categories, former, slug) WHERE former = ANY (c.categories);
  UPDATE public.subscribers s SET categories = array_replace(s.categories, former, slug) WHERE former = ANY (s.categories);
  UPDATE public.pending_subscriptions p SET categories = array_replace(p.categories, former, slug)
    WHERE former = ANY (p.categories);
END $$;

CREATE FUNCTION wall.category_renamed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM wall.follow_category(OLD.slug, NEW.slug);
  RETURN NULL;
END $$;
CREATE TRIGGER "category_renamed" AFTER UPDATE OF "slug" ON "categories" FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug)
  EXECUTE FUNCTION wall.category_renamed();
REVOKE ALL ON FUNCTION wall.follow_category(text, text), wall.category_renamed() FROM PUBLIC;

-- Those that were renamed before this.
SELECT wall.follow_category(f.slug, f.category_slug) FROM "former_category_slugs" f;
