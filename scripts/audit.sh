#!/bin/sh
# Known vulnerabilities of what is shipped. A registry that has no audit endpoint is said, not taken for a clean bill.
report=$(npm audit --omit=dev --json 2>/dev/null)
if printf '%s' "$report" | grep -q '"vulnerabilities"'; then
  npm audit --omit=dev
else
  echo "npm audit: NOT DONE, the registry in use has no audit endpoint"
fi
