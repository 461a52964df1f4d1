#!/usr/bin/env bash
# Real MySQL 9 beside the system, for tests: unpacks mysql-server-core of Debian's unstable suite, with all its shared libraries, under DIR and
# installs nothing. It comes from the mirror that this machine's apt uses.   unpack-mysql.sh [DIR]
set -euo pipefail
dir=${1:-${PORTCULLIS_TEST_MYSQL:-${TMPDIR:-/tmp}/portcullis-mysql}}
[ -x "$dir/usr/sbin/mysqld" ] && { echo "already there: $dir"; exit 0; }
apt=$dir.apt
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | sort -u | head -1)
mkdir -p "$dir" "$apt/lists/partial" "$apt/cache/archives/partial"
trap 'rm -rf "$apt"' EXIT
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$apt/sources.list"
options=(-o "Dir::Etc::SourceList=$apt/sources.list" -o "Dir::Etc::SourceParts=/dev/null" -o "Dir::State::Lists=$apt/lists"
  -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o APT::Install-Recommends=false
  -o Debug::NoLocking=1 -qq)
apt-get "${options[@]}" update
apt-get "${options[@]}" -y --download-only install mysql-server-core
for archive in "$apt"/cache/archives/*.deb; do
  # Not every package holds every one of these folders.
  dpkg-deb --fsys-tarfile "$archive" | tar -x -C "$dir" --keep-directory-symlink --wildcards \
    './usr/lib/*' './lib*' './usr/sbin/mysqld' './usr/share/mysql*' './usr/lib64*' 2>/dev/null || true
done
[ -x "$dir/usr/sbin/mysqld" ] || { echo "no mysqld in what the mirror has" >&2; exit 1; }
echo "MySQL laid out in $dir ($(du -sh "$dir" | cut -f1))"
