#!/bin/sh
# Called by the postgres image when it makes a new database. Roles without a password: in Compose each shows a
# certificate (pg_hba.conf), and an empty password is none.
set -eu
psql -X -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
    -v database="$POSTGRES_DB" -v owner_password= -v app_password= \
    -f /etc/digital-volunteers/roles.sql
