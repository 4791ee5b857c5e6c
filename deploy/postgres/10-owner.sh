#!/bin/sh
# Run once by the postgres image when its volume is empty: the owner of the tables, who is no superuser, and its database.
# portal_web and portal_worker are made by the first migration and get their passwords from the migrate step.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres -v password="$(cat /run/secrets/owner_password)" <<'SQL'
create role portal_owner login createrole nosuperuser nobypassrls password :'password';
create database portal owner portal_owner template template0 encoding 'UTF8' locale 'C.UTF-8';
revoke all on database portal from public;
grant connect on database portal to public;
SQL
