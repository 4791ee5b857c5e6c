#!/bin/sh
# Makes the secret files of docker-compose.yml once: deploy/make-secrets.sh FOLDER. Files that exist stay as they are.
# The folder is closed (0700); a file is readable inside the one container it is given to, whatever user runs there.
set -eu
folder=${1:?"name the folder, for example /etc/clair-portal"}
mkdir -p "$folder"
chmod 0700 "$folder"
umask 022
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
once() { # once NAME CONTENT
  [ -s "$folder/$1" ] || printf '%s\n' "$2" > "$folder/$1"
}
address() { printf 'postgresql://%s:%s@postgres/portal' "$1" "$2"; }

once postgres_password "$(random)"
once owner_password "$(random)"
once secret_key "$(random)$(random)"
once database_owner_url "$(address portal_owner "$(cat "$folder/owner_password")")"
once database_web_url "$(address portal_web "$(random)")"
once database_worker_url "$(address portal_worker "$(random)")"
[ -s "$folder/email_password" ] || : > "$folder/email_password"
for name in tls_certificate tls_key; do
  [ -s "$folder/$name" ] || echo "Put the ${name#tls_} for TLS (PEM) into $folder/$name."
done
