#!/bin/bash
# Makes Dossier's two roles and its database, and takes from everybody what the application need not; once, when the
# volume of Postgres is empty.
set -euo pipefail
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
  --set owner_password="$DOSSIER_OWNER_PASSWORD" --set app_password="$DOSSIER_APP_PASSWORD" \
  --file /etc/dossier/roles.sql
psql --username "$POSTGRES_USER" --dbname dossier --set ON_ERROR_STOP=1 --file /etc/dossier/database.sql
