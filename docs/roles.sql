-- Dossier's two roles and its database, on a Postgres (15 or later) of your own. Run it once, as an administrator:
--
--   psql "postgresql://administrator@host/postgres" -v ON_ERROR_STOP=1 \
--     -v owner_password="…" -v app_password="…" -f docs/roles.sql
--
-- then docs/database.sql in the new database, as a superuser, and then start Dossier with
--
--   DATABASE_OWNER_URL=postgresql://dossier_owner:…@host/dossier    applies the migrations, nothing else
--   DATABASE_URL=postgresql://dossier_app:…@host/dossier            everything else
--
-- Row-level security does not hold a superuser, a role with BYPASSRLS or the owner of a table. That is why the
-- application has a role of its own, and refuses to start as any of these.
--
-- When the administrator is not a superuser (a hosted Postgres), run this line too, after the first statement:
--   GRANT dossier_owner TO CURRENT_USER;
--
-- The embedded Postgres of `npm start` is set up by these same statements.

CREATE ROLE dossier_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;

CREATE ROLE dossier_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;

CREATE DATABASE dossier OWNER dossier_owner TEMPLATE template0 ENCODING 'UTF8';

-- The owner may see when a connection of the application began: the wall ties its keys to that. It gains nothing by
-- it, since it owns every table anyway.
GRANT dossier_app TO dossier_owner;

-- The application's rights on tables are given by the migrations, table by table. It makes none, not even temporary
-- ones.
REVOKE ALL ON DATABASE dossier FROM PUBLIC;

GRANT CONNECT ON DATABASE dossier TO dossier_app;
