#!/bin/sh
# Install, on Debian and its kin, what tests start beside Python: Java for Spark, PostgreSQL, a Chromium for the pages,
# and npm, which fetches axe-core.
# Where they cannot be installed those tests are skipped with the reason, so this never fails for want of them.
set -u

missing() {
  # Spark 4.3 runs on Java 17 and 21; Debian 12 has the one, Debian 13 the other.
  command -v java >/dev/null 2>&1 || echo java
  # Debian keeps the server's programs of each version in a folder of their own, off the path.
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || echo postgresql
  command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
    || command -v google-chrome >/dev/null 2>&1 || echo chromium
  command -v npm >/dev/null 2>&1 || echo npm
}

[ -n "$(missing)" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
  echo "Not here: $(missing | tr '\n' ' '). The tests that need them are skipped." \
    "To run them, as root: apt-get install openjdk-17-jre-headless postgresql chromium npm"
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
for what in $(missing); do
  packages=$what
  [ "$what" != java ] || packages="openjdk-17-jre-headless openjdk-21-jre-headless"
  for package in $packages; do
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null && break
    echo "$package cannot be installed."
  done
done
[ -z "$(missing)" ] || echo "Still not here: $(missing | tr '\n' ' '). The tests that need them are skipped."
